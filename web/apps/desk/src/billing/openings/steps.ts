import type { billing } from '@hearthline/api'
import type { Step } from '@hearthline/ui'

/** How an opening's state is shown. */
export const STEP: Record<billing.OpeningState, Step> = {
  reckoning: 'moving',
  ready: 'waiting',
  posting: 'moving',
  posted: 'done',
  withdrawn: 'risk',
}

/** Whether a job is at it. */
export const running = (state: billing.OpeningState) => state === 'reckoning' || state === 'posting'

/** Sums of one class or organisation, by the key that `of` names. */
export function gathered(sums: billing.OpeningSum[], of: (s: billing.OpeningSum) => string) {
  const out = new Map<string, { name: string; households: number; amount: number; before: number }>()
  for (const s of sums) {
    const name = of(s)
    const at = out.get(name) ?? { name, households: 0, amount: 0, before: 0 }
    at.households += s.households
    at.amount += s.amount_fen
    at.before += s.before_fen
    out.set(name, at)
  }
  return [...out.values()]
}
