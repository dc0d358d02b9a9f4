import type { imports } from '@hearthline/api'
import type { Step } from '@hearthline/ui'

/** How an import's state looks. */
export const STEP: Record<imports.ImportState, Step> = {
  reading: 'moving',
  refused: 'late',
  staged: 'waiting',
  checking: 'moving',
  checked: 'waiting',
  committing: 'moving',
  committed: 'done',
  undoing: 'moving',
  undone: 'risk',
}

const RUNNING: imports.ImportState[] = ['reading', 'checking', 'committing', 'undoing']

/** Whether a job is at it. */
export const running = (b: Pick<imports.ImportBatch, 'state' | 'trial'>) =>
  RUNNING.includes(b.state) || (b.state === 'checked' && !!b.trial?.running)

/** How far a running step is: lines done, lines a second, and the share in per cent when the end is known. */
export function progress(b: imports.ImportBatch): { lines: number; rate: number; share: number | null } {
  const seconds = b.step_began_at && b.step_at ? (Date.parse(b.step_at) - Date.parse(b.step_began_at)) / 1000 : 0
  const of = b.row_count - b.left_count
  const known = b.state !== 'reading' && of > 0
  return {
    lines: b.at_line,
    rate: seconds > 0 ? Math.round(b.at_line / seconds) : 0,
    share: known ? Math.min(100, Math.round((b.at_line * 100) / b.row_count)) : null,
  }
}

/** Whether every control total of the file is what stands in the house, and what the old system states. */
export function totalsAgree(totals: imports.ImportTotal[], committed: boolean) {
  const stated = totals.some((t) => t.sum_stated !== null)
  const agrees = (t: imports.ImportTotal) =>
    (!stated || (t.sum === t.sum_stated && t.lines === t.lines_stated)) &&
    (!committed || (t.sum === t.sum_in && t.lines === t.lines_in))
  return { stated, agree: totals.every(agrees) }
}

/** Sums by one of their dimensions, largest difference first. */
export function sumBy<K extends 'cause' | 'org_path' | 'user_class'>(sums: imports.ShadowSum[], by: K) {
  const all = new Map<string, { key: string; households: number; old_fen: number; new_fen: number; off: number }>()
  for (const s of sums) {
    const row = all.get(s[by]) ?? { key: s[by], households: 0, old_fen: 0, new_fen: 0, off: 0 }
    row.households += s.households
    row.old_fen += s.old_fen
    row.new_fen += s.new_fen
    if (s.cause !== 'equal') row.off += s.households
    all.set(s[by], row)
  }
  return [...all.values()].sort((a, b) => Math.abs(b.new_fen - b.old_fen) - Math.abs(a.new_fen - a.old_fen) || b.households - a.households)
}
