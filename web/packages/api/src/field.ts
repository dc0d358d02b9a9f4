import { type Action, get, post } from '@hearthline/kit'
import type { Evidence, FieldTask, FieldTaskDetail, Items, Point, Temperature, Visit } from './contract'

const at = (path: string) => `/api/field/${path}`

export const tasks = () => get<Items<FieldTask>>(at('tasks'))
export const task = (order_id: string) => get<FieldTaskDetail>(at(`tasks/${order_id}`))
export const visits = (order_id: string) => get<Items<Visit>>(at(`visits/${order_id}`))

const send = (order_id: string, step: string, body: unknown, action?: Action) =>
  post<unknown>(at(`tasks/${order_id}/${step}`), body, action)

export const accept = (id: string, when: string, action?: Action) =>
  send(id, 'accept', { at: when }, action)
export const setOut = (id: string, when: string, action?: Action) =>
  send(id, 'set_out', { at: when }, action)
export const arrive = (
  id: string,
  arrival: { at: string; point: Point | null; accuracy_m: number | null },
  action?: Action,
) => send(id, 'arrive', arrival, action)
export const giveBack = (id: string, reason: string, action?: Action) =>
  send(id, 'return', { reason }, action)
export const addEvidence = (
  id: string,
  evidence: Omit<Evidence, 'received_at'> & { point?: Point | null },
  action?: Action,
) => send(id, 'evidence', evidence, action)
export const addTemperature = (id: string, reading: Temperature & { id: string }, action?: Action) =>
  send(id, 'temperature', reading, action)
export const finish = (
  id: string,
  result: { at: string; cause: string; note: string },
  action?: Action,
) => send(id, 'finish', result, action)
