import type { Component } from 'vue'
import { CircleCheck, CircleDot, Clock, Loader, TriangleAlert } from '@lucide/vue'

/** The five steps in which everything is shown: an icon and a word, never colour alone. */
export type Step = 'waiting' | 'moving' | 'risk' | 'late' | 'done'

export const STEP_ICON: Record<Step, Component> = {
  waiting: Clock,
  moving: Loader,
  risk: CircleDot,
  late: TriangleAlert,
  done: CircleCheck,
}

/** The step in which an order is shown; a time limit that presses comes before its state. */
export function orderStep(state: string, pressure: 'calm' | 'risk' | 'late' = 'calm'): Step {
  if (state === 'closed' || state === 'voided') return 'done'
  if (pressure !== 'calm') return pressure
  return state === 'filed' || state === 'dispatched' || state === 'revisit' ? 'waiting' : 'moving'
}
