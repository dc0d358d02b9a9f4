import { type Action, request, withQuery } from '@hearthline/kit'
import type { Items, Page } from './types'

export interface Price {
  id: string
  item_id: string
  valid_from: string
  offered: boolean
  price_fen: number
  negotiable: boolean
  warranty_days: number
  pay_fixed_fen: number
  pay_share_bp: number
  recorded_at: string
  recorded_by: string
}
export type NewPrice = Omit<Price, 'id' | 'item_id' | 'recorded_at' | 'recorded_by'>
export type ItemKind = 'service' | 'material'
export type ServiceClass = 'repair' | 'value_added'
export type Part = 'public' | 'inside'
export interface Item {
  id: string
  code: string
  kind: ItemKind
  class: ServiceClass
  part: Part
  name: string
  name_en: string
  unit: string
  price: Price | null
  history: Price[]
}
export interface NewItem {
  code: string
  kind: ItemKind
  class: ServiceClass
  part: Part
  name: string
  name_en: string
  unit: string
  price: NewPrice
}
export interface Rule {
  id: string
  valid_from: string
  public_free: boolean
  installation_days: number
  repeat_days: number
  sample_percent: number
  citation: string
  recorded_at: string
  recorded_by: string
}
export type NewRule = Omit<Rule, 'id' | 'recorded_at' | 'recorded_by'>
export interface Catalogue {
  on: string
  items: Item[]
  rule: Rule | null
  rules: Rule[]
}
export interface WantedLine {
  item_id: string
  /** Hundredths of the unit. */
  quantity: number
  unit_fen?: number | null
  covered?: boolean | null
  said?: string
}
export interface Line {
  item_id: string
  code: string
  name: string
  name_en: string
  unit: string
  kind: ItemKind
  quantity: number
  list_fen: number
  unit_fen: number
  sum_fen: number
  rule_covered: boolean
  rule_reason: 'public_part' | 'new_installation' | 'repaired' | 'value_added' | 'out'
  rule_until: string | null
  rule_sheet_id: string | null
  covered: boolean
  said: string
  charge_fen: number
  pay_fen: number
}
export type SheetState = 'quoted' | 'agreed' | 'charged' | 'declined' | 'withdrawn' | 'reversed'
export interface Sheet {
  id: string
  no: string
  order_id: string
  order_no: string
  account_id: string
  account_no: string
  address: string
  staff_id: string
  staff_name: string
  state: SheetState
  priced_on: string
  total_fen: number
  pay_fen: number
  quoted_at: string
  agreed_at: string | null
  signer: string
  signature_id: string | null
  charged_on: string | null
  posting_id: string | null
  ended_at: string | null
  ended_by: string
  end_reason: string
  statement_no: string | null
  lines: Line[]
}
export interface Audit {
  sheet: Sheet
  findings: ('against_rule' | 'price_changed' | 'again' | 'sample')[]
  found_at: string
  state: 'open' | 'passed' | 'objected'
  decided_at: string | null
  decided_by_name: string
  note: string
}
export interface Unsettled {
  staff_id: string
  staff_name: string
  org_name: string
  sheets: number
  earned_fen: number
  deducted_fen: number
  waiting: number
}
export interface Statement {
  id: string
  no: string
  staff_id: string
  staff_name: string
  org_name: string
  from_day: string
  through: string
  state: 'proposed' | 'posted' | 'refused' | 'reversed'
  earned_fen: number
  deducted_fen: number
  made_at: string
  made_by: string
  made_by_name: string
  decided_at: string | null
  decided_by_name: string
  decision: string
  posting_id: string | null
  reversed_at: string | null
  reverse_reason: string
}
export interface StatementLine {
  kind: 'earned' | 'deducted'
  sheet_id: string
  sheet_no: string
  order_no: string
  address: string
  charged_on: string
  what: string
  total_fen: number
  amount_fen: number
}
export interface StatementDetail extends Statement {
  lines: StatementLine[]
}

const at = (path: string) => `/api/services/${path}`
/** A page of a list. */
interface Of {
  state?: string
  limit?: number
  after?: string
}

export const catalogue = (on?: string) => request<Catalogue>('GET', withQuery(at('catalogue'), { on }))
export const addItem = (body: NewItem, action?: Action) => request<{ id: string }>('POST', at('items'), { body, action })
export const setPrice = (id: string, body: NewPrice, action?: Action) => request<object>('POST', at(`items/${id}/prices`), { body, action })
export const setRule = (body: NewRule, action?: Action) => request<object>('POST', at('rules'), { body, action })

export const ofOrder = (order: string) => request<Items<Sheet>>('GET', at(`orders/${order}/sheets`))
export const quote = (order: string, lines: WantedLine[], action?: Action) => request<Sheet>('POST', at(`orders/${order}/quote`), { body: { lines }, action })
export const agree = (id: string, total_fen: number, signer: string, signature_id: string, action?: Action) =>
  request<Sheet>('POST', at(`sheets/${id}/agree`), { body: { total_fen, signer, signature_id }, action })
export const decline = (id: string, reason: string, action?: Action) => request<Sheet>('POST', at(`sheets/${id}/decline`), { body: { reason }, action })
export const withdraw = (id: string, reason: string, action?: Action) => request<Sheet>('POST', at(`sheets/${id}/withdraw`), { body: { reason }, action })
export const reverse = (id: string, reason: string, action?: Action) => request<Sheet>('POST', at(`sheets/${id}/reverse`), { body: { reason }, action })
export const sheets = (of: Of) => request<Page<Sheet>>('GET', withQuery(at('sheets'), { ...of }))

export const audits = (of: Of) => request<Page<Audit>>('GET', withQuery(at('audits'), { ...of }))
export const decideAudit = (id: string, objected: boolean, note: string, action?: Action) => request<object>('POST', at(`audits/${id}/decide`), { body: { objected, note }, action })

export const unsettled = (through?: string) => request<Items<Unsettled>>('GET', withQuery(at('unsettled'), { through }))
export const statements = (of: Of) => request<Page<Statement>>('GET', withQuery(at('statements'), { ...of }))
export const statement = (id: string) => request<StatementDetail>('GET', at(`statements/${id}`))
export const propose = (staff_id: string, from_day: string, through: string, action?: Action) =>
  request<StatementDetail>('POST', at('statements'), { body: { staff_id, from_day, through }, action })
export const decideStatement = (id: string, approve: boolean, note: string, action?: Action) =>
  request<StatementDetail>('POST', at(`statements/${id}/decide`), { body: { approve, note }, action })
export const reverseStatement = (id: string, reason: string, action?: Action) =>
  request<StatementDetail>('POST', at(`statements/${id}/reverse`), { body: { reason }, action })
/** Where a statement's spreadsheet is. */
export const paper = (id: string) => at(`statements/${id}/statement.xlsx`)
