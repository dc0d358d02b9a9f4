import { type Action, request } from '@hearthline/kit'
import type { Items, UtilityAccount } from './types'

/** One utility's account at an address, and how it stands. */
export interface UtilityStanding extends UtilityAccount {
  open_orders: number
  orders: number
  last_order_at: string | null
  owed_fen: number | null
}

/** A customer as all companies under this roof know him. */
export interface CustomerProfile {
  since: string
  tags: string[]
  customer_type: string | null
  relation_level: string | null
  blacklisted: string | null
  utilities: UtilityStanding[]
  seasons: { season: string; charged_fen: number; paid_fen: number; owed_fen: number }[]
  year: { calls: number; repairs: number; complaints: number; chases: number; reworks: number; unsatisfied: number }
}

/** One order of a customer's repair file. */
export interface RepairRecord {
  order_id: string
  no: string
  utility: string
  account_id: string
  kind_name: string
  symptom_name: string | null
  state: 'filed' | 'dispatched' | 'accepted' | 'en_route' | 'on_site' | 'finished' | 'revisit' | 'closed' | 'voided'
  cause_name: string | null
  side: 'user' | 'network' | 'none' | null
  resolution: string
  round: number
  satisfaction: 'satisfied' | 'fair' | 'unsatisfied' | null
  opened_at: string
  finished_at: string | null
  assignee_name: string | null
  proofs: { file_id: string; kind: string; taken_at: string }[]
  parts: { name: string; kind: string; quantity: number; unit: string; charge_fen: number; covered: boolean }[]
  charged_fen: number
}

/** What the pop knows of all utilities at the address, and of its meters. */
export interface WithUtilities {
  utilities?: UtilityAccount[]
  readings?: { id: string; meter_number: string; unit: string; read_on: string; value_milli: number; used_milli: number | null }[]
}

/** A household as whoever holds a link to it sees it. */
export interface Resident {
  account_no: string
  name_masked: string
  address_masked: string
  heat_use_state: string
  season: { code: string; first: string; end: string } | null
  stop: {
    no: string
    state: 'submitted' | 'checked' | 'approved' | 'refused' | 'done' | 'withdrawn'
    from: string
    to: string | null
    made_at: string
    order_no: string | null
    valve_on: string | null
    effective_on: string | null
    decision: string | null
  } | null
  link_until: string
}

/** What a stop would be for. */
export interface StopWish {
  from: string
  to: string | null
  pipes_drained: boolean
}

/** What a stop would change, and what stands against it. */
export interface StopPreview {
  before_fen: number
  after_fen: number
  lines: { zh: string; en: string }[]
  objections: { code: string; zh: string; en: string }[]
  counts_from_valve: boolean
  answer_by: string
}

/** A customer across the utilities. */
export const profile = (id: string) => request<CustomerProfile>('GET', `/api/insight/customers/${id}`)
/** Everything that was ever repaired at his address. */
export const repairs = (id: string) => request<Items<RepairRecord>>('GET', `/api/insight/customers/${id}/repairs`)
/** Sends the holder of a household a link to its own page. */
export const sendLink = (account_id: string, action?: Action) =>
  request<{ phone_masked: string }>('POST', '/api/portal/links', { body: { account_id }, action })

const page = (token: string) => `/api/portal/h/${encodeURIComponent(token)}`
/** A customer asks for the link to his own household. */
export const askLink = (account_no: string, phone: string, action?: Action) =>
  request<{ phone_masked: string }>('POST', '/api/portal/links/ask', { body: { account_no, phone }, action })
/** The household behind a link. */
export const resident = (token: string) => request<Resident>('GET', page(token))
export const previewStop = (token: string, wish: StopWish & { papers: boolean }) =>
  request<StopPreview>('POST', `${page(token)}/stop/preview`, { body: wish })
export const stop = (
  token: string,
  order: StopWish & { consent: boolean; signature: string; papers: string[] },
  action?: Action,
) => request<Resident>('POST', `${page(token)}/stop`, { body: order, action })
