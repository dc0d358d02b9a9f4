import { type Action, withQuery } from '@hearthline/kit'
import { get, post } from './call'
import type { components } from './schema'
import type { Items, Page, Season } from './types'

type S = components['schemas']

export type Ledger = S['Ledger']
export type LedgerPeriods = S['LedgerPeriods']
export type LedgerPeriod = S['LedgerPeriod']
export type TrialBalance = S['TrialBalance']
export type TrialRow = S['TrialRow']
export type LedgerEntry = S['LedgerEntry']
export type PostingView = S['PostingView']
export type ChainState = S['ChainState']

/** A moment of the book; now where it says nothing. */
export interface BookMoment {
  valid_on?: string
  known_at?: string
}

/** Which lines of the book. */
export interface LineFilter extends BookMoment {
  ledger?: Ledger
  season_id?: string
  item?: string
  from?: string
  after?: string
  limit?: number
}

/** The heating seasons, newest first. */
export const seasons = (): Promise<Items<Season>> => get('/api/ledger/seasons', {})
export const periods = (): Promise<LedgerPeriods> => get('/api/ledger/periods', {})
/** Closes the book up to a month's last day, for ever. */
export const close = (through: string, action?: Action): Promise<LedgerPeriods> =>
  post('/api/ledger/periods', { body: { through }, action })
export const trialBalance = (at: BookMoment): Promise<TrialBalance> =>
  get('/api/ledger/trial-balance', { query: { ...at } })
export const trialSheet = (at: BookMoment) => withQuery('/api/ledger/trial-balance.xlsx', { ...at })
export const entries = (filter: LineFilter): Promise<Page<LedgerEntry>> =>
  get('/api/ledger/entries', { query: { ...filter } })
export const posting = (id: string): Promise<PostingView> =>
  get('/api/ledger/postings/{id}', { path: { id } })
export const chain = (): Promise<ChainState> => get('/api/ledger/chain', {})
