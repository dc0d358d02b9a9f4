import type { imports } from '@hearthline/api'
import type { Step } from '@hearthline/ui'

/** How an import's state looks. */
export const STEP: Record<imports.ImportState, Step> = {
  staged: 'waiting',
  checked: 'waiting',
  committing: 'moving',
  committed: 'done',
  undoing: 'moving',
  undone: 'risk',
}

/** Whether a job is at it. */
export const running = (state: imports.ImportState) => state === 'committing' || state === 'undoing'
