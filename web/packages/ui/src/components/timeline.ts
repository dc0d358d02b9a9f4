import type { Component } from 'vue'
import type { Step } from '../status'

/** One moment of a matter. */
export interface Moment {
  id: string | number
  at: string
  title: string
  /** Who did it, and through which door. */
  by?: string
  channel?: string
  step?: Step
  icon?: Component
}
