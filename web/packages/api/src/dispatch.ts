import type { Action } from '@hearthline/kit'
import { get, post, put } from './call'
import type { Items, Order, Proposal, Worker } from './types'

/** Who should go, best first, and why; reckoned afresh each time. */
export const proposal = (order_id: string): Promise<Proposal> =>
  get('/api/dispatch/orders/{order_id}/proposal', { path: { order_id } })
export const assign = (
  order_id: string,
  body: { staff_id: string; proposal_id?: string; reason?: string },
  action?: Action,
): Promise<Order> =>
  post('/api/dispatch/orders/{order_id}/assign', { path: { order_id }, body, action })
export const auto = (order_id: string, action?: Action): Promise<Order> =>
  post('/api/dispatch/orders/{order_id}/auto', { path: { order_id }, body: {}, action })
export const workers = (): Promise<Items<Worker>> => get('/api/dispatch/workers', {})
export const setting = (): Promise<{ automatic: boolean }> => get('/api/dispatch/setting', {})
export const saveSetting = (automatic: boolean, action?: Action): Promise<{ automatic: boolean }> =>
  put('/api/dispatch/setting', { body: { automatic }, action })

/** The repairer himself. */
export const me = (): Promise<Worker> => get('/api/dispatch/me', {})
export const setShift = (on: boolean, action?: Action): Promise<Worker> =>
  post('/api/dispatch/me/shift', { body: { on }, action })
export interface Fix {
  lng: number
  lat: number
  accuracy_m: number
  at: string
}
export const positions = (points: Fix[], action?: Action) =>
  post('/api/dispatch/me/position', { body: { points }, action })
