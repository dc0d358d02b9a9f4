import { type Action, request } from '@hearthline/kit'
import type { FeatureCollection, Point } from 'geojson'
import { get, post, remove } from './call'
import type { Account, AccountHit, Balance, ByPhone, Items, Place, Unmasked } from './types'

/** Anybody by phone (any part), name, address fragments or account number. */
export const find = (q: string, limit = 20, signal?: AbortSignal): Promise<Items<AccountHit>> =>
  get('/api/directory/find', { query: { q, limit }, signal })
export const account = (id: string): Promise<Account> =>
  get('/api/directory/accounts/{id}', { path: { id } })
/** Shows what is masked; the reason is kept. */
export const unmask = (id: string, reason: string, action?: Action): Promise<Unmasked> =>
  post('/api/directory/accounts/{id}/unmask', { path: { id }, body: { reason }, action })
export const byPhone = (number: string): Promise<ByPhone> =>
  get('/api/directory/by-phone/{number}', { path: { number } })
export const bind = (number: string, account_id: string, action?: Action) =>
  post('/api/directory/bindings', { body: { number, account_id }, action })
export const unbind = (number: string, account_id: string, action?: Action) =>
  remove('/api/directory/bindings', { body: { number, account_id }, action })
export const places = (parent?: string): Promise<Items<Place>> =>
  get('/api/directory/places', { query: { parent } })
export const communities = () =>
  request<FeatureCollection<Point>>('GET', '/api/directory/communities.geojson')

/** What a household owes and has paid. */
export const balance = (id: string): Promise<Balance> =>
  get('/api/ledger/accounts/{id}/balance', { path: { id } })
