import type { Action } from '@hearthline/kit'
import { get, post } from './call'
import type { Evidence, FieldTask, FieldTaskDetail, Items, Point, Temperature, Visit } from './types'

export const tasks = (): Promise<Items<FieldTask>> => get('/api/field/tasks', {})
export const task = (order_id: string): Promise<FieldTaskDetail> =>
  get('/api/field/tasks/{order_id}', { path: { order_id } })
export const visits = (order_id: string): Promise<Items<Visit>> =>
  get('/api/field/visits/{order_id}', { path: { order_id } })

export const accept = (order_id: string, at: string, action?: Action) =>
  post('/api/field/tasks/{order_id}/accept', { path: { order_id }, body: { at }, action })
export const setOut = (order_id: string, at: string, action?: Action) =>
  post('/api/field/tasks/{order_id}/set_out', { path: { order_id }, body: { at }, action })
export const arrive = (
  order_id: string,
  body: { at: string; point: Point | null; accuracy_m: number | null },
  action?: Action,
) => post('/api/field/tasks/{order_id}/arrive', { path: { order_id }, body, action })
export const giveBack = (order_id: string, reason: string, action?: Action) =>
  post('/api/field/tasks/{order_id}/return', { path: { order_id }, body: { reason }, action })
export const addEvidence = (
  order_id: string,
  body: Omit<Evidence, 'received_at' | 'point'> & { point?: Point | null },
  action?: Action,
) => post('/api/field/tasks/{order_id}/evidence', { path: { order_id }, body, action })
export const addTemperature = (order_id: string, body: Temperature, action?: Action) =>
  post('/api/field/tasks/{order_id}/temperature', { path: { order_id }, body, action })
export const finish = (
  order_id: string,
  body: { at: string; cause: string; note: string },
  action?: Action,
) => post('/api/field/tasks/{order_id}/finish', { path: { order_id }, body, action })
