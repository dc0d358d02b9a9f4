import { type Action, request, withQuery } from '@hearthline/kit'
import type { Items, Page } from './types'

export type PayMethod = 'cash' | 'card' | 'transfer' | 'cheque' | 'wechat' | 'alipay' | 'bank' | 'suspense'
export interface Rounding {
  mode: 'half_up' | 'half_even' | 'up' | 'down'
  to: 'fen' | 'jiao' | 'yuan'
}
export interface QuotedItem {
  season_id: string | null
  season: string
  item: string
  owed_fen: number
  accrued: boolean
  held: boolean
}
export interface QuotedAccount {
  account_id: string
  account_no: string
  name: string
  address: string
  heat_use_state: string
  heated_area: string
  tags: string[]
  holds: { kind: string; words: string; until: string | null }[]
  items: QuotedItem[]
  credit_fen: number
  owed_fen: number
  payable_fen: number
  blocked: boolean
}
export interface Quote {
  accounts: QuotedAccount[]
  unknown: string[]
  owed_fen: number
  payable_fen: number
  cash_rounding: Rounding
  on: string
}
export interface Take {
  shares: { account_id: string; amount_fen: number; shown_fen: number | null }[]
  method: PayMethod
  tendered_fen: number | null
  reference: string
  payer: string
  memo: string
  receipt: boolean
}
export interface Payment {
  id: string
  no: string
  method: PayMethod
  amount_fen: number
  rounding_fen: number
  tendered_fen: number | null
  change_fen: number | null
  state: 'open' | 'settled' | 'reversed'
  payer: string
  memo: string
  created_by_name: string
  created_at: string
  accounts: number
  first_name: string
  first_address: string
  receipt_id: string | null
  receipt_no: string | null
  reversal_reason: string
  surplus: number
}
export interface Receipt {
  id: string
  no: string
  state: 'issued' | 'void'
  amount_fen: number
  copies: number
}
export interface Taken {
  payment: Payment
  receipt: Receipt | null
}
export interface Shift {
  id: string
  no: string
  cashier_name: string
  counter: string
  state: 'open' | 'counted' | 'closed'
  float_fen: number
  opened_at: string
  counted_fen: number | null
  expected_fen: number
  difference_reason: string
  closed_at: string | null
  handed_to_name: string | null
  totals: { method: PayMethod; payments: number; received_fen: number; reversed: number }[]
  receipts: { issued: number; void: number; first: string; last: string; left: number }
}
export interface Refund {
  id: string
  order_id: string | null
  order_no: string | null
  account_no: string | null
  amount_fen: number
  method: PayMethod
  kind: 'double_success' | 'order' | 'credit'
  reason: string
  state: 'requested' | 'refused' | 'running' | 'done'
  requested_by_name: string | null
  requested_at: string
  decided_by_name: string | null
  tries: number
  next_try_at: string | null
  last_error: string
  done_at: string | null
}
export interface Suspense {
  id: string
  channel: PayMethod
  reference: string
  amount_fen: number
  payer: string
  remark: string
  received_on: string
  days: number
  state: 'open' | 'assigned' | 'returned'
  reason: string
}
export interface DayBooks {
  on: string
  org_path: string
  lines: { method: PayMethod; payments: number; orders_fen: number; ledger_fen: number; drawer_fen: number | null; difference_fen: number }[]
  received_fen: number
  refunded_fen: number
  rounding_fen: number
  open_shifts: number
  suspense_fen: number
  suspense_days: number
  difference_fen: number
  closed_at: string | null
  closed_by_name: string | null
  explanation: string
}

const post = <T>(path: string, body: unknown, action?: Action) => request<T>('POST', `/api/payments/${path}`, { body, action })
const get = <T>(path: string, query = {}) => request<T>('GET', `/api/payments/${path}`, { query })

/** What some accounts owe now, in the order in which it would be paid. */
export const quote = (of: { account_ids?: string[]; account_nos?: string[] }) => post<Quote>('quote', of)
export const take = (body: Take, action?: Action) => post<Taken>('take', body, action)
export const list = (query: Record<string, string | number | undefined>) => get<Page<Payment>>('payments', query)
export const reverse = (id: string, reason: string, action?: Action) => post<Payment>(`payments/${id}/reverse`, { reason }, action)
export const requestRefund = (id: string, method: PayMethod, reason: string, action?: Action) =>
  post<{ id: string }>(`payments/${id}/refund`, { method, reason }, action)
export const issueReceipt = (id: string, action?: Action) => post<Receipt>(`payments/${id}/receipt`, {}, action)
export const copyReceipt = (id: string, action?: Action) => post<Receipt>(`receipts/${id}/copy`, {}, action)
export const receiptUrl = (id: string, copy = 0) => withQuery(`/api/payments/receipts/${id}/receipt.pdf`, copy ? { copy } : {})

export const myShift = () => get<{ shift: Shift | null }>('shifts/mine')
export const shifts = (query: { on?: string }) => get<Page<Shift>>('shifts', query)
export const openShift = (counter: string, float_fen: number, action?: Action) => post<Shift>('shifts', { counter, float_fen }, action)
export const countShift = (id: string, counted_fen: number, action?: Action) => post<Shift>(`shifts/${id}/count`, { counted_fen }, action)
export const resumeShift = (id: string, action?: Action) => post<Shift>(`shifts/${id}/resume`, {}, action)
export const closeShift = (id: string, reason: string, handed_to: string | null, action?: Action) =>
  post<Shift>(`shifts/${id}/close`, { reason, handed_to }, action)

export const refunds = (open: boolean) => get<Items<Refund>>('refunds', open ? { open: 1 } : {})
export const decideRefund = (id: string, approve: boolean, reason: string, action?: Action) =>
  post<object>(`refunds/${id}/decide`, { approve, reason }, action)
export const payRefund = (id: string, reference: string, action?: Action) => post<object>(`refunds/${id}/pay`, { reference }, action)

export const suspense = (open: boolean) => get<Items<Suspense>>('suspense', open ? { open: 1 } : {})
export const assignSuspense = (id: string, account_id: string, reason: string, action?: Action) =>
  post<Taken>(`suspense/${id}/assign`, { account_id, reason }, action)
export const returnSuspense = (id: string, reason: string, action?: Action) => post<object>(`suspense/${id}/return`, { reason }, action)

export const day = (on: string) => get<DayBooks>(`days/${on}`)
export const closeDay = (on: string, explanation: string, action?: Action) => post<DayBooks>(`days/${on}`, { explanation }, action)

export interface ReceiptRange {
  id: string
  cashier_name: string | null
  prefix: string
  digits: number
  first_no: number
  last_no: number
  next_no: number
  closed_at: string | null
}
export interface ReceiptFace {
  title: string
  company: string
  footer: string[]
  width_mm: number
  height_mm: number
  show_area: boolean
  show_balance: boolean
  seal: string
}
export const ranges = () => get<Items<ReceiptRange>>('receipt-ranges')
export const giveNumbers = (
  body: { cashier_id: string | null; prefix: string; digits: number; first_no: number; last_no: number },
  action?: Action,
) => post<{ id: string }>('receipt-ranges', body, action)
export const closeNumbers = (id: string, action?: Action) => post<object>(`receipt-ranges/${id}/close`, {}, action)
export const face = () => get<ReceiptFace>('receipt-face')
export const setFace = (body: ReceiptFace, action?: Action) =>
  request<ReceiptFace>('PUT', '/api/payments/receipt-face', { body, action })

export interface Detail {
  payment: Payment
  shares: { account_id: string; account_no: string; name: string; address: string; amount_fen: number }[]
  attempts: {
    id: string
    channel: PayMethod
    reference: string
    amount_fen: number
    state: 'pending' | 'unknown' | 'failed' | 'succeeded'
    outcome: 'settled' | 'surplus' | null
    last_error: string
  }[]
  receipts: Receipt[]
  refunds: Refund[]
  applied: { account_id: string; season: string; item: string; amount_fen: number }[]
}
export const one = (id: string) => get<Detail>(`payments/${id}`)
export const bounce = (id: string, reason: string, action?: Action) => post<Payment>(`payments/${id}/bounce`, { reason }, action)

export const requestCredit = (account_id: string, amount_fen: number, method: PayMethod, reason: string, action?: Action) =>
  post<{ id: string }>('refunds', { account_id, amount_fen, method, reason }, action)
export interface NewSuspense {
  channel: PayMethod
  reference: string
  amount_fen: number
  payer: string
  remark: string
  received_on: string
}
export const bookSuspense = (body: NewSuspense, action?: Action) => post<{ id: string }>('suspense', body, action)

export type VisitResult = 'promised' | 'refused' | 'absent' | 'disputed' | 'paid'
export interface DebtorFilter {
  place_id?: string
  node_id?: string
  org_path?: string
  user_class?: string
  years?: number
  at_least_fen?: number
  free?: number
  due?: number
}
export interface Debtor {
  account_id: string
  account_no: string
  name: string
  address: string
  user_class: string
  org_name: string
  owed_fen: number
  oldest: string
  seasons: number
  collector_name: string | null
  result: VisitResult | null
  promised_on: string | null
  next_on: string | null
  asked_at: string | null
}
export interface Debtors extends Page<Debtor> {
  households: number
  owed_fen: number
}
export interface CollectionList {
  id: string
  no: string
  title: string
  collector_name: string
  due_on: string
  made_at: string
  doors: number
  visited: number
  due: number
  owed_fen: number
  paid_fen: number
}
export interface CollectionDoor {
  account_id: string
  account_no: string
  name: string
  phone: string
  unit: string
  address: string
  owed_fen: number
  paid_fen: number
  now_fen: number
  late_fen: number
  result: VisitResult | null
  note: string
  promised_on: string | null
  next_on: string | null
  visited_at: string | null
  told_at: string | null
}
export interface CollectionContact {
  at: string
  by_name: string
  list_no: string
  way: 'visit' | 'call' | 'message'
  result: VisitResult | null
  note: string
  promised_on: string | null
  next_on: string | null
}
export interface NewContact {
  account_id: string
  way: 'visit' | 'call'
  result: VisitResult
  note: string
  promised_on: string | null
  next_on: string | null
}
export interface Reminded {
  queued: number
  settled: number
  held: number
  left_out: number
}
/** Households that owe, the largest debt first. */
export const debtors = (of: DebtorFilter & { limit?: number; after?: string }) => get<Debtors>('debtors', { ...of })
export const collections = () => get<Items<CollectionList>>('collections')
export const makeCollection = (
  body: { of: DebtorFilter; account_ids: string[]; collector_id: string | null; due_on: string; title: string },
  action?: Action,
) => post<{ id: string }>('collections', body, action)
export const doors = (id: string) => get<Items<CollectionDoor>>(`collections/${id}`)
export const visit = (id: string, body: NewContact, action?: Action) => post<object>(`collections/${id}/visits`, body, action)
export const remind = (id: string, account_ids: string[], action?: Action) => post<Reminded>(`collections/${id}/remind`, { account_ids }, action)
export const contacts = (account: string) => get<Items<CollectionContact>>(`accounts/${account}/contacts`)
