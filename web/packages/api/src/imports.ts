import { type Action, request, withQuery } from '@hearthline/kit'
import type { Items } from './types'

export type ImportKind = 'households' | 'charges' | 'payments'
export type ImportState =
  | 'reading'
  | 'refused'
  | 'staged'
  | 'checking'
  | 'checked'
  | 'committing'
  | 'committed'
  | 'undoing'
  | 'undone'

export interface ImportBatch {
  id: string
  kind: ImportKind
  file_name: string
  file_size: number
  headers: string[]
  /** Which column, counted from nought, holds which field. */
  mapping: Record<string, number>
  org_path: string
  state: ImportState
  /** Why the file was refused after all: a code. */
  refusal: string | null
  row_count: number
  error_count: number
  /** Lines that people left out. */
  left_count: number
  done_count: number
  /** The last line that the running step has done, when it began, when it last did something. */
  at_line: number
  step_began_at: string | null
  step_at: string | null
  trial: ImportDryRun | null
  created_at: string
  created_by_name: string
  committed_at: string | null
  undone_at: string | null
}
export interface ImportColumn {
  key: string
  zh: string
  en: string
  required: boolean
}
export interface ImportFault {
  field: string
  zh: string
  en: string
}
/** A control total of the file beside what is in the house. */
export interface ImportTotal {
  season: string
  org_path: string
  what: string
  lines: number
  sum: number
  lines_in: number
  sum_in: number
  /** As the old system states it; null when it states nothing. */
  lines_stated: number | null
  sum_stated: number | null
}
export interface FaultCount extends ImportFault {
  lines: number
}
export interface ImportFile {
  batch: ImportBatch
  columns: ImportColumn[]
  mapping_faults: ImportFault[]
  totals: ImportTotal[]
  faults: FaultCount[]
}
export interface ImportLine {
  no: number
  cells: string[]
  faults: ImportFault[]
  done: boolean
  left_out: boolean
  original: string[] | null
  note: string | null
  assignee_id: string | null
  assignee_name: string | null
  decided_by: string | null
  decided_at: string | null
}
export type LineDecision = { what: 'correct'; cells: string[] } | { what: 'leave_out'; note: string } | { what: 'take_back' }
export interface LineFilter {
  wrong?: boolean
  decided?: boolean
  field?: string
  assignee?: string
}
export interface ImportDryRun {
  running: boolean
  lines: number
  postings: number
  households: number
  problem_zh: string | null
  problem_en: string | null
  at: string | null
}
export type Cause = 'equal' | 'rounding' | 'area' | 'state' | 'refused' | 'uncharged' | 'other'
interface Counted {
  households: number
  old_fen: number
  new_fen: number
}
export interface CauseTotal extends Counted {
  cause: Cause
}
export interface ShadowSum extends CauseTotal {
  org_path: string
  user_class: string
}
export interface ShadowRun {
  id: string
  season_id: string
  season: string
  basis: 'import' | 'book'
  finished: boolean
  households: number
  done: number
  began_at: string
  step_at: string
  made_by_name: string
}
export interface ShadowFound {
  run: ShadowRun
  sums: ShadowSum[]
}
export interface ShadowRow {
  account_id: string
  account_no: string
  org_path: string
  user_class: string
  cause: Cause
  old_fen: number
  new_fen: number
}
export interface ShadowFilter {
  cause?: string
  org_path?: string
  user_class?: string
}
export interface ShadowCertificate {
  body: Counted & {
    id: string
    season: string
    basis: 'import' | 'book'
    causes: CauseTotal[]
    sums: ShadowSum[]
    made_at: string
    made_by: string
  }
  file: { body: string; digest: string; signature: string; public_key: string }
  /** Whether the signature holds, looked at just now; and whether this house's key made it. */
  valid: boolean
  ours: boolean
}

const at = (id: string, rest = '') => `/api/imports/${id}${rest}`

export const list = () => request<Items<ImportBatch>>('GET', '/api/imports')
export const get = (id: string) => request<ImportFile>('GET', at(id))
export const lines = (id: string, filter: LineFilter, after = 0) =>
  request<Items<ImportLine>>('GET', at(id, '/lines'), { query: { ...filter, after } })
/** Where the lines lie as a spreadsheet, with what is wrong beside each. */
export const sheet = (id: string, filter: LineFilter) => withQuery(at(id, '/lines.xlsx'), { ...filter })
/** Where the file lies as it came. */
export const original = (id: string) => at(id, '/file')
/** Where the households lie as a file that can come in. */
export const households = '/api/imports/households.csv'

export function stage(kind: ImportKind, file: File, action?: Action) {
  const body = new FormData()
  body.set('kind', kind)
  body.set('file', file, file.name)
  return request<ImportFile>('POST', '/api/imports', { body, action })
}
export const map = (id: string, mapping: Record<string, number>, action?: Action) =>
  request<ImportFile>('POST', at(id, '/map'), { body: { mapping }, action })
const step = <T>(name: string) => (id: string, action?: Action) =>
  request<T>('POST', at(id, `/${name}`), { body: {}, action })
export const check = step<ImportFile>('check')
export const dryRun = step<ImportDryRun>('dry_run')
export const commit = step<ImportFile>('commit')
export const undo = step<ImportFile>('undo')

export const decideLine = (id: string, no: number, body: LineDecision, action?: Action) =>
  request<ImportFile>('POST', at(id, `/lines/${no}`), { body, action })
export const assign = (id: string, body: { field?: string; nos?: number[]; to?: string }, action?: Action) =>
  request<{ lines: number }>('POST', at(id, '/assign'), { body, action })
export const stateTotals = (id: string, text: string, action?: Action) =>
  request<ImportFile>('POST', at(id, '/totals'), { body: { text }, action })

export const shadows = () => request<Items<ShadowRun>>('GET', '/api/imports/shadows')
export const beginShadow = (season_id: string, action?: Action) =>
  request<ShadowRun>('POST', '/api/imports/shadows', { body: { season_id }, action })
const run = (id: string, rest = '') => `/api/imports/shadows/${id}${rest}`
export const shadow = (id: string) => request<ShadowFound>('GET', run(id))
export const shadowRows = (id: string, filter: ShadowFilter, after?: string) =>
  request<Items<ShadowRow>>('GET', run(id, '/rows'), { query: { ...filter, after } })
export const shadowSheet = (id: string, filter: ShadowFilter) => withQuery(run(id, '/rows.xlsx'), { ...filter })
export const certify = (id: string, action?: Action) =>
  request<ShadowCertificate>('POST', run(id, '/certify'), { body: {}, action })
export const certificates = () => request<Items<ShadowCertificate>>('GET', '/api/imports/certificates')
/** Where a certificate lies as a file that proves itself. */
export const certificateFile = (id: string) => `/api/imports/certificates/${id}/file`
