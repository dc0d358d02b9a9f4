import type { Action } from '@hearthline/kit'
import { get, post } from './call'
import type { components } from './schema'
import type { Items } from './types'

type S = components['schemas']

export type Run = S['BillingRun']
export type RunReport = S['BillingRunReport']
export type RunState = S['RunState']
export type RunKind = S['RunKind']
export type Renewals = S['Renewals']
export type PaymentTerms = S['PaymentTerms']
export type RefundWish = S['RefundWish']
export type ClaimReckoned = S['ClaimReckoned']
export type Adjustment = S['Adjustment']

/** Runs over many households: what new rules come to, a season's meters. */
export const list = (of: { kind?: RunKind; pack?: string }): Promise<Items<Run>> =>
  get('/api/billing/runs', { query: of })
export const detail = (id: string): Promise<RunReport> => get('/api/billing/runs/{id}', { path: { id } })
/** Reckons what a version of the rules would come to; nothing is posted. */
export const preview = (pack: string, action?: Action): Promise<Run> =>
  post('/api/billing/packs/{id}/preview', { path: { id: pack }, action })
/** Reckons the settlement of everybody's meters; nothing is posted. */
export const settle = (season_id: string, action?: Action): Promise<Run> =>
  post('/api/billing/runs', { body: { season_id }, action })
/** Reckons the close of a season's late fees; nothing is posted. */
export const closeLate = (season_id: string, on: string, action?: Action): Promise<Run> =>
  post('/api/billing/late-fees/close', { body: { season_id, on }, action })
export const publish = (id: string, action?: Action): Promise<Run> =>
  post('/api/billing/runs/{id}/post', { path: { id }, action })
export const withdraw = (id: string, action?: Action): Promise<Run> =>
  post('/api/billing/runs/{id}/withdraw', { path: { id }, action })

/** Who was stopped last season and has not asked for it again. */
export const renewals = (season_id?: string): Promise<Renewals> =>
  get('/api/billing/stop-renewals', { query: { season_id } })
/** By when a household's seasons are paid, and in which parts. */
export const terms = (account: string): Promise<Items<PaymentTerms>> =>
  get('/api/billing/accounts/{id}/terms', { path: { id: account } })
/** What a claim for cold rooms or an outage is worth by the rules. */
export const reckonClaim = (body: RefundWish, action?: Action): Promise<ClaimReckoned> =>
  post('/api/billing/refund-claims/preview', { body, action })
export const claim = (body: RefundWish, action?: Action): Promise<Adjustment> =>
  post('/api/billing/refund-claims', { body, action })
