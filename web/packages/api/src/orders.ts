import { type Action, withQuery } from '@hearthline/kit'
import { asked, get, post } from './call'
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
} from './types'

export const catalogue = (): Promise<Catalogue> => get('/api/orders/catalogue', {})
export const file = (body: NewOrder, action?: Action): Promise<Order> =>
  post('/api/orders', { body, action })
/** What filing this would mean: time limits, and open orders that may be the same. */
export const preview = (body: NewOrder): Promise<OrderPreview> => post('/api/orders/preview', { body })
export const list = (filter: OrderFilter): Promise<Page<Order>> =>
  get('/api/orders', { query: asked(filter) })
export const one = (id: string): Promise<OrderDetail> => get('/api/orders/{id}', { path: { id } })
export const timeline = (id: string): Promise<Items<EventRow>> =>
  get('/api/orders/{id}/timeline', { path: { id } }) as Promise<Items<EventRow>>
export const exportUrl = (filter: OrderFilter) => withQuery('/api/orders/export.xlsx', { ...filter })

type Step = Promise<Order>
export const chase = (id: string, action: Action | undefined, note: string, call_id?: string | null): Step =>
  post('/api/orders/{id}/chase', { path: { id }, body: { note, call_id }, action })
export const voidOrder = (id: string, action: Action | undefined, reason: string): Step =>
  post('/api/orders/{id}/void', { path: { id }, body: { reason }, action })
export const pass = (id: string, action: Action | undefined, note: string): Step =>
  post('/api/orders/{id}/pass', { path: { id }, body: { note }, action })
export const fail = (id: string, action: Action | undefined, reason: string): Step =>
  post('/api/orders/{id}/fail', { path: { id }, body: { reason }, action })
export const setUrgency = (
  id: string,
  action: Action | undefined,
  urgency: Urgency,
  reason: string,
): Step => post('/api/orders/{id}/urgency', { path: { id }, body: { urgency, reason }, action })
export const supervise = (id: string, action: Action | undefined, supervisor_id: string): Step =>
  post('/api/orders/{id}/supervise', { path: { id }, body: { supervisor_id }, action })
export const setDue = (
  id: string,
  action: Action | undefined,
  finish_due: string,
  reason: string,
): Step => post('/api/orders/{id}/due', { path: { id }, body: { finish_due, reason }, action })
export const note = (id: string, action: Action | undefined, text: string): Step =>
  post('/api/orders/{id}/note', { path: { id }, body: { text }, action })

export const revisits = (query: { limit?: number; after?: string }): Promise<Page<RevisitTask>> =>
  get('/api/orders/revisits', { query: { ...query, state: 'open' } })
export const revisitResult = (
  id: string,
  result: Satisfaction,
  reason: string,
  call_id?: string | null,
  action?: Action,
): Step =>
  post('/api/orders/revisits/{id}/result', { path: { id }, body: { result, reason, call_id }, action })
export const revisitAttempt = (id: string, text: string, action?: Action) =>
  post('/api/orders/revisits/{id}/attempt', { path: { id }, body: { note: text }, action })
