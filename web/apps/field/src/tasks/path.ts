/** The way through one visit: what is done, what waits on this phone, what comes next. */
import type { Item } from '../queue/model'
import type { Draft, OrderState, TaskDetail } from './model'

export const STEPS = [
  'accept', 'set_out', 'arrive', 'photo_before', 'cause',
  'photo_after', 'temperature', 'signature', 'finish',
] as const
export type StepKey = (typeof STEPS)[number]

/** `kept`: done here, not yet confirmed by the server. */
export type StepState = 'done' | 'kept' | 'refused' | 'current' | 'ahead'

export interface Step {
  key: StepKey
  state: StepState
  at: string | null
}

/** What the path is read from: the server's word and this phone's. */
export interface Facts {
  task: TaskDetail
  /** This person's items for this order, on their way or waiting. */
  items: readonly Item[]
  draft: Draft
}

const RANK: Record<OrderState, number> = {
  filed: 0, dispatched: 0, accepted: 1, en_route: 2, on_site: 3,
  finished: 4, revisit: 4, closed: 4, voided: 0,
}

/** Which step of the path an item stands for. */
export function stepOf(item: Item): StepKey | 'return' | 'shift' {
  if (item.kind === 'evidence') return String(item.body.kind) as StepKey
  return item.kind
}

/** The step that the server has confirmed, or null. */
function confirmed({ task, draft }: Facts, step: StepKey): { at: string | null } | null {
  const rank = RANK[task.state]
  const past = (needed: number, at: string | null | undefined) =>
    rank >= needed ? { at: at ?? null } : null
  const proof = (kind: string) => {
    const found = rank >= 1 ? task.evidence.filter((e) => e.kind === kind) : []
    return found.length > 0 ? { at: found[found.length - 1]!.taken_at } : null
  }
  switch (step) {
    case 'accept': return past(1, task.accepted_at)
    case 'set_out': return past(2, task.set_out_at)
    case 'arrive': return past(3, task.arrived_at)
    case 'finish': return past(4, task.finished_at)
    case 'cause': return past(4, null) ?? (draft.cause ? { at: null } : null)
    case 'temperature': {
      const last = rank >= 1 ? task.temperatures.at(-1) : undefined
      return last ? { at: last.taken_at } : null
    }
    default: return proof(step)
  }
}

/** What this order asks for: what the server still misses, and what is there already. */
function asked({ task, items }: Facts, key: StepKey): boolean {
  if (!PROOFS.has(key)) return true
  if (task.missing.some((one) => one === key)) return true
  return items.some((item) => stepOf(item) === key) || hasProof(task, key)
}

const PROOFS = new Set<StepKey>(['photo_before', 'photo_after', 'temperature', 'signature'])

const hasProof = (task: TaskDetail, key: StepKey) =>
  key === 'temperature' ? task.temperatures.length > 0 : task.evidence.some((e) => e.kind === key)

/** The path, one step after the other; the first that is neither done nor kept is current. */
export function path(facts: Facts): Step[] {
  let open = true
  return STEPS.filter((key) => asked(facts, key)).map((key) => {
    const mine = facts.items.filter((item) => stepOf(item) === key)
    const done = confirmed(facts, key)
    const refused = mine.find((item) => item.refusal)
    const kept = mine.at(-1)
    if (refused) {
      open = false
      return { key, state: 'refused', at: refused.made_at }
    }
    if (kept) return { key, state: 'kept', at: kept.made_at }
    if (done) return { key, state: 'done', at: done.at }
    const state: StepState = open ? 'current' : 'ahead'
    open = false
    return { key, state, at: null }
  })
}

/** The one thing to do now; null when the visit is over or a refusal must be settled first. */
export function current(steps: readonly Step[]): StepKey | null {
  return steps.find((step) => step.state === 'current')?.key ?? null
}

/** How far the order is for the person who holds the phone, sent or not. */
export function stateHere(state: OrderState, items: readonly Item[]): OrderState {
  const reached: Partial<Record<Item['kind'], OrderState>> = {
    accept: 'accepted', set_out: 'en_route', arrive: 'on_site', finish: 'finished', return: 'filed',
  }
  return items
    .filter((item) => !item.refusal)
    .reduce((now, item) => reached[item.kind] ?? now, state)
}

/** Whether the order has left this person's hands, sent or not. */
export function isOver(state: OrderState, items: readonly Item[]): boolean {
  const here = stateHere(state, items)
  return RANK[here] === 4 || here === 'filed' || here === 'voided'
}
