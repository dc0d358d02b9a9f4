import { type Action, get, post, withQuery } from '@hearthline/kit'
import type {
  Catalogue,
  EventRow,
  Items,
  NewOrder,
  Order,
  OrderDetail,
  OrderFilter,
  OrderPreview,
  Page,
  RevisitTask,
  Satisfaction,
  Urgency,
} from './contract'

const at = (path: string) => `/api/orders/${path}`

export const catalogue = () => get<Catalogue>(at('catalogue'))
export const file = (order: NewOrder, action?: Action) => post<Order>('/api/orders', order, action)
/** What filing this would mean: time limits, and open orders that may be the same. */
export const preview = (order: NewOrder) => post<OrderPreview>(at('preview'), order)
export const list = (filter: OrderFilter) => get<Page<Order>>('/api/orders', { ...filter })
export const one = (id: string) => get<OrderDetail>(at(id))
export const timeline = (id: string) => get<Items<EventRow>>(at(`${id}/timeline`))
export const exportUrl = (filter: OrderFilter) => withQuery(at('export.xlsx'), { ...filter })

const step =
  <A extends unknown[]>(name: string, body: (...args: A) => unknown) =>
  (id: string, action: Action | undefined, ...args: A) =>
    post<Order>(at(`${id}/${name}`), body(...args), action)

export const chase = step('chase', (note: string, call_id?: string | null) => ({ note, call_id }))
export const voidOrder = step('void', (reason: string) => ({ reason }))
export const pass = step('pass', (note: string) => ({ note }))
export const fail = step('fail', (reason: string) => ({ reason }))
export const setUrgency = step('urgency', (urgency: Urgency, reason: string) => ({ urgency, reason }))
export const supervise = step('supervise', (supervisor_id: string) => ({ supervisor_id }))
export const setDue = step('due', (finish_due: string, reason: string) => ({ finish_due, reason }))
export const note = step('note', (text: string) => ({ text }))

export const revisits = (query: { state?: string; limit?: number; after?: string }) =>
  get<Page<RevisitTask>>(at('revisits'), query)
export const revisitResult = (
  id: string,
  result: Satisfaction,
  reason: string,
  call_id?: string | null,
  action?: Action,
) => post<Order>(at(`revisits/${id}/result`), { result, reason, call_id }, action)
export const revisitAttempt = (id: string, note: string, action?: Action) =>
  post<unknown>(at(`revisits/${id}/attempt`), { note }, action)
