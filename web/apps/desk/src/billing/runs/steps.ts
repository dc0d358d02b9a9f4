import type { runs } from '@hearthline/api'
import type { Step } from '@hearthline/ui'

/** How a run's state is shown. */
export const STEP: Record<runs.RunState, Step> = {
  reckoning: 'moving',
  ready: 'waiting',
  posting: 'moving',
  posted: 'done',
  withdrawn: 'risk',
}

/** Whether a job is at it. */
export const running = (state: runs.RunState) => state === 'reckoning' || state === 'posting'

/** How much of the phase that runs is done, in per cent. */
export function part(run: Pick<runs.Run, 'state' | 'households' | 'looked' | 'done'>) {
  if (!run.households) return 0
  const so_far = run.state === 'posting' || run.state === 'posted' ? run.done : run.looked
  return Math.min(100, Math.round((so_far / run.households) * 100))
}
