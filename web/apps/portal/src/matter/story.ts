/** A matter told as a story: what happened, where it stands, what is to come. */
import type { PortalMatter } from '@hearthline/api'

export interface Chapter {
  key: string
  at: string | null
  state: 'done' | 'now' | 'ahead'
}

/** The last step that has happened is now; what has no time yet lies ahead. */
export function story(steps: PortalMatter['steps'], over: boolean): Chapter[] {
  const last = steps.reduce((found, step, i) => (step.at ? i : found), -1)
  return steps.map((step, i) => ({
    key: step.key,
    at: step.at,
    state: i > last ? 'ahead' : i === last && !over ? 'now' : 'done',
  }))
}

/** Nothing more will happen. */
export const isOver = (state: PortalMatter['state']) => state === 'closed' || state === 'voided'

/** The repairer is still to come: a chase makes sense, and so does "by when". */
export const isAwaited = (state: PortalMatter['state']) =>
  ['filed', 'dispatched', 'accepted', 'en_route'].includes(state)
