import { type Action, request, withQuery } from '@hearthline/kit'
import type { Items } from './types'

export type ImportKind = 'households' | 'charges' | 'payments'
export type ImportState = 'staged' | 'checked' | 'committing' | 'committed' | 'undoing' | 'undone'

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
  row_count: number
  error_count: number
  done_count: number
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
}
export interface ImportFile {
  batch: ImportBatch
  columns: ImportColumn[]
  mapping_faults: ImportFault[]
  totals: ImportTotal[]
}
export interface ImportLine {
  no: number
  cells: string[]
  faults: ImportFault[]
  done: boolean
}
export interface ImportDryRun {
  lines: number
  postings: number
  households: number
}
export interface CauseTotal {
  households: number
  old_fen: number
  new_fen: number
  examples: string[]
}
export interface Shadow {
  season: string
  causes: Record<string, CauseTotal>
  old_fen: number
  new_fen: number
}
export interface ShadowCertificate {
  id: string
  shadow: Shadow
  digest: string
  made_at: string
  made_by_name: string
}

const at = (id: string, rest = '') => `/api/imports/${id}${rest}`

export const list = () => request<Items<ImportBatch>>('GET', '/api/imports')
export const get = (id: string) => request<ImportFile>('GET', at(id))
export const lines = (id: string, wrong: boolean, after = 0) =>
  request<Items<ImportLine>>('GET', at(id, '/lines'), { query: { wrong, after } })
/** Where the lines lie as a spreadsheet, with what is wrong beside each. */
export const sheet = (id: string, wrong: boolean) => withQuery(at(id, '/lines.xlsx'), { wrong })
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

export const shadow = (season: string) => request<Shadow>('GET', `/api/imports/shadow/${season}`)
export const certify = (season: string, action?: Action) =>
  request<ShadowCertificate>('POST', `/api/imports/shadow/${season}`, { body: {}, action })
