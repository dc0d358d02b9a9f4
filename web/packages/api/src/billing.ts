import type { Action } from '@hearthline/kit'
import { get, post } from './call'
import type { components } from './schema'
import type { Items } from './types'

type S = components['schemas']

export type AccountFees = S['AccountFees']
export type SeasonFees = S['SeasonFees']
export type ItemFees = S['ItemFees']
export type FeeMovement = S['FeeMovement']
export type LateFeeOf = S['LateFeeOf']
export type ChargeVersion = S['ChargeVersion']
export type ExplainedCharge = S['ExplainedCharge']
export type Opening = S['Opening']
export type OpeningReport = S['OpeningReport']
export type OpeningSum = S['OpeningSum']
export type OpeningState = S['OpeningState']
export type NewOpening = S['NewOpening']
export type Season = S['Season']

/** A moment of the book; now and today where it says nothing. */
export interface Moment {
  valid_on?: string
  known_at?: string
}

/** What a household owes by season and item, its charges and postings. */
export const fees = (id: string, at: Moment): Promise<AccountFees> =>
  get('/api/billing/accounts/{id}/fees', { path: { id }, query: { ...at } })
/** A version of a charge with the lines that make it. */
export const explain = (id: string, season: string, version: number): Promise<ExplainedCharge> =>
  get('/api/billing/accounts/{id}/charges/{season}/{version}', { path: { id, season, version } })
export const recalculate = (id: string, season_id: string, new_rules: boolean, action?: Action) =>
  post('/api/billing/accounts/{id}/recalculate', { path: { id }, body: { season_id, new_rules }, action })

export const seasons = (): Promise<Items<Season>> => get('/api/ledger/seasons', {})
export const openings = (): Promise<Items<Opening>> => get('/api/billing/openings', {})
export const opening = (id: string): Promise<OpeningReport> =>
  get('/api/billing/openings/{id}', { path: { id } })
export const createOpening = (body: NewOpening, action?: Action): Promise<Opening> =>
  post('/api/billing/openings', { body, action })
export const postOpening = (id: string, action?: Action): Promise<Opening> =>
  post('/api/billing/openings/{id}/post', { path: { id }, action })
export const withdrawOpening = (id: string, action?: Action): Promise<Opening> =>
  post('/api/billing/openings/{id}/withdraw', { path: { id }, action })
/** Where an opening's report lies as a spreadsheet. */
export const openingSheet = (id: string) => `/api/billing/openings/${encodeURIComponent(id)}/export.xlsx`
