import { type Action, get, post, remove } from '@hearthline/kit'
import type { Account, AccountHit, Balance, ByPhone, Items, Place, Unmasked } from './contract'

const at = (path: string) => `/api/directory/${path}`

/** Anybody by phone (any part), name, address fragments or account number. */
export const find = (q: string, limit = 20, signal?: AbortSignal) =>
  get<Items<AccountHit>>(at('find'), { q, limit }, signal)
export const account = (id: string) => get<Account>(at(`accounts/${id}`))
/** Shows what is masked; the reason is kept. */
export const unmask = (id: string, reason: string, action?: Action) =>
  post<Unmasked>(at(`accounts/${id}/unmask`), { reason }, action)
export const byPhone = (number: string) => get<ByPhone>(at(`by-phone/${encodeURIComponent(number)}`))
export const bind = (number: string, account_id: string, action?: Action) =>
  post<unknown>(at('bindings'), { number, account_id }, action)
export const unbind = (number: string, account_id: string, action?: Action) =>
  remove<unknown>(at('bindings'), { number, account_id }, action)
export const places = (parent?: string) => get<Items<Place>>(at('places'), { parent })
export const communities = () => get<GeoJSON.FeatureCollection<GeoJSON.Point>>(at('communities.geojson'))

/** What a household owes and has paid. */
export const balance = (id: string) => get<Balance>(`/api/billing/accounts/${id}/balance`)
