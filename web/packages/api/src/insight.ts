import { get } from './call'
import type { Backlog, Chain, Items, LiveMap, Pop, Today, Wall } from './types'

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
