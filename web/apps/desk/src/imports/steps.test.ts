import type { imports } from '@hearthline/api'
import { describe, expect, it } from 'vitest'
import { progress, running, sumBy, totalsAgree } from './steps'

const batch = (more: Partial<imports.ImportBatch>) => ({ state: 'committing', row_count: 400, left_count: 0, at_line: 100, trial: null, ...more }) as imports.ImportBatch

describe('progress', () => {
  it('tells lines a second and the share, and no share while the end is not known', () => {
    const times = { step_began_at: '2026-11-22T01:00:00Z', step_at: '2026-11-22T01:00:02Z' }
    expect(progress(batch(times))).toEqual({ lines: 100, rate: 50, share: 25 })
    expect(progress(batch({ ...times, state: 'reading', row_count: 100 }))).toEqual({ lines: 100, rate: 50, share: null })
    expect(progress(batch({ step_began_at: null, step_at: null })).rate).toBe(0)
  })
  it('knows a dry run that is at it', () => {
    expect(running({ state: 'checked', trial: { running: true } as imports.ImportDryRun })).toBe(true)
    expect(running({ state: 'checked', trial: null })).toBe(false)
  })
})

describe('control totals', () => {
  const total = (more: Partial<imports.ImportTotal>) => ({ season: '', org_path: '/', what: 'using', lines: 2, sum: 5, lines_in: 0, sum_in: 0, lines_stated: null, sum_stated: null, ...more })
  it('agree with the house after the commit, and with the old system when it states any', () => {
    expect(totalsAgree([total({})], false)).toEqual({ stated: false, agree: true })
    expect(totalsAgree([total({})], true).agree).toBe(false)
    expect(totalsAgree([total({ lines_in: 2, sum_in: 5 })], true).agree).toBe(true)
    expect(totalsAgree([total({ lines_stated: 2, sum_stated: 6 })], false)).toEqual({ stated: true, agree: false })
  })
})

it('sums of a shadow run add up by branch and by cause', () => {
  const sum = (org_path: string, cause: imports.Cause, households: number, old_fen: number, new_fen: number) => ({ org_path, user_class: 'resident', cause, households, old_fen, new_fen })
  const sums = [sum('/a/', 'equal', 3, 30, 30), sum('/a/', 'area', 1, 10, 15), sum('/b/', 'area', 1, 10, 30)]
  expect(sumBy(sums, 'org_path').map((s) => [s.key, s.households, s.off])).toEqual([['/b/', 1, 1], ['/a/', 4, 1]])
  expect(sumBy(sums, 'cause')[0]).toEqual({ key: 'area', households: 2, old_fen: 20, new_fen: 45, off: 2 })
})
