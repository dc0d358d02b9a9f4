import { type Action, request, withQuery } from '@hearthline/kit'
import { get } from './call'
import type { operations } from './schema'
import type { Backlog, Chain, FeeAges, FeeChanges, FeeCurve, FeeHouseholds, FeeJournal, FeePivot, Items, LiveMap, Pop, Today, UseState, Vouchers, Wall } from './types'

/** Everything that the agent needs while it rings, in one request. */
export const pop = (call_id: string): Promise<Pop> =>
  get('/api/insight/pop/{call_id}', { path: { call_id } })
export const popOfAccount = (account_id: string): Promise<Pop> =>
  get('/api/insight/pop/account/{account_id}', { path: { account_id } })
export const today = (org?: string): Promise<Today> => get('/api/insight/today', { query: { org } })
export const backlog = (org?: string): Promise<Items<Backlog>> =>
  get('/api/insight/backlog', { query: { org } })
export const map = (org?: string): Promise<LiveMap> => get('/api/insight/map', { query: { org } })
export const wall = (): Promise<Wall> => get('/api/insight/wall', {})
export const chain = (matter_id: string): Promise<Chain> =>
  get('/api/insight/chain/{matter_id}', { path: { matter_id } })

/** What a fee report is asked for. */
export type FeeQuery = NonNullable<operations['get_fee_pivot']['parameters']['query']>

export const feePivot = (query: FeeQuery): Promise<FeePivot> => get('/api/insight/fees', { query })
export const feeHouseholds = (query: FeeQuery): Promise<FeeHouseholds> =>
  get('/api/insight/fees/households', { query })
export const feeAges = (query: FeeQuery): Promise<FeeAges> => get('/api/insight/fees/ages', { query })
export const feeCurves = (query: FeeQuery): Promise<Items<FeeCurve>> =>
  get('/api/insight/fees/curves', { query })
export const feeChanges = (query: FeeQuery): Promise<FeeChanges> =>
  get('/api/insight/fees/changes', { query })
export const feeJournal = (query: FeeQuery): Promise<FeeJournal> =>
  get('/api/insight/fees/journal', { query })
export const vouchers = (query: FeeQuery): Promise<Vouchers> =>
  get('/api/insight/fees/vouchers', { query })
export const useStates = (query: FeeQuery): Promise<Items<UseState>> =>
  get('/api/insight/fees/states', { query })
/** Where a report lies as a spreadsheet. */
export const feeSheet = (report: string, query: FeeQuery) =>
  withQuery(`/api/insight/fees${report}`, { ...query, format: 'xlsx' })
/** Where the vouchers lie as a plain journal. */
export const vouchersText = (query: FeeQuery) => withQuery('/api/insight/fees/vouchers.txt', { ...query })

/** A field of a list that is taken out: words, a number of things, or an amount. */
export type ListCell = string | number | { fen: number }
/** The list that somebody looks at as a spreadsheet; history keeps who took it. */
export const listSheet = (
  body: { title: string; page: string; columns: string[]; rows: ListCell[][]; printed: boolean },
  action?: Action,
) => request<Blob>('POST', '/api/insight/lists/sheet', { body, action, file: true })
