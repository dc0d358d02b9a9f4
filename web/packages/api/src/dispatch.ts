import { type Action, get, post, put } from '@hearthline/kit'
import type { Items, Order, Proposal, Worker } from './contract'

const at = (path: string) => `/api/dispatch/${path}`

/** Who should go, best first, and why; reckoned afresh each time. */
export const proposal = (order_id: string) => get<Proposal>(at(`orders/${order_id}/proposal`))
export const assign = (
  order_id: string,
  to: { staff_id: string; proposal_id?: string; reason?: string },
  action?: Action,
) => post<Order>(at(`orders/${order_id}/assign`), to, action)
export const auto = (order_id: string, action?: Action) =>
  post<Order>(at(`orders/${order_id}/auto`), {}, action)
export const workers = () => get<Items<Worker>>(at('workers'))
export const setting = () => get<{ automatic: boolean }>(at('setting'))
export const saveSetting = (automatic: boolean, action?: Action) =>
  put<{ automatic: boolean }>(at('setting'), { automatic }, action)

/** The repairer himself. */
export const me = () => get<Worker>(at('me'))
export const setShift = (on: boolean, action?: Action) => post<Worker>(at('me/shift'), { on }, action)
export interface Fix {
  lng: number
  lat: number
  accuracy_m: number
  at: string
}
export const positions = (points: Fix[], action?: Action) =>
  post<unknown>(at('me/position'), { points }, action)
