import type { Action } from '@hearthline/kit'
import { asked, get, patch, post, put } from './call'
import type {
  Call,
  CallFilter,
  Flow,
  Graph,
  Heartbeat,
  Items,
  NewMember,
  Page,
  Queue,
  Seat,
  SoftphoneAccess,
  Waveform,
} from './types'

/** Credentials for this browser's telephone; each time a fresh secret. */
export const softphone = (): Promise<SoftphoneAccess> => get('/api/telephony/softphone', {})
export const seat = (): Promise<Seat> => get('/api/telephony/agent', {})
export const setSeat = (state: 'idle' | 'away', reason: string, action?: Action): Promise<Seat> =>
  post('/api/telephony/agent/state', { body: { state, reason }, action })
export const heartbeat = (registered: boolean, tab: string): Promise<Heartbeat> =>
  post('/api/telephony/agent/heartbeat', { body: { registered, tab } })
export const seats = (): Promise<Items<Seat>> => get('/api/telephony/seats', {})

export const queues = (): Promise<Items<Queue>> => get('/api/telephony/queues', {})
export const saveQueue = (
  id: string,
  body: Partial<Pick<Queue, 'strategy' | 'ring_s' | 'wrap_up_s' | 'comfort_s' | 'name' | 'name_en'>>,
  action?: Action,
): Promise<Queue> => patch('/api/telephony/queues/{id}', { path: { id }, body, action })
export const setMembers = (
  id: string,
  members: NewMember[],
  action?: Action,
): Promise<Queue> =>
  put('/api/telephony/queues/{id}/members', { path: { id }, body: { members }, action })

export const calls = (filter: CallFilter): Promise<Page<Call>> =>
  get('/api/telephony/calls', { query: asked(filter) })
export const call = (id: string): Promise<Call> => get('/api/telephony/calls/{id}', { path: { id } })
/** My call that lives now, or null. */
export const current = (): Promise<Call | null> => get('/api/telephony/calls/current', {})
export const recordingUrl = (id: string) => `/api/telephony/calls/${id}/recording`
export const waveform = (id: string): Promise<Waveform> =>
  get('/api/telephony/calls/{id}/waveform', { path: { id } })

export const identify = (id: string, account_id: string, action?: Action): Promise<Call> =>
  post('/api/telephony/calls/{id}/identify', { path: { id }, body: { account_id }, action })
export const hold = (id: string, action?: Action): Promise<Call> =>
  post('/api/telephony/calls/{id}/hold', { path: { id }, action })
export const unhold = (id: string, action?: Action): Promise<Call> =>
  post('/api/telephony/calls/{id}/unhold', { path: { id }, action })
export const hangup = (id: string, action?: Action): Promise<Call> =>
  post('/api/telephony/calls/{id}/hangup', { path: { id }, action })
export const transfer = (
  id: string,
  to: { queue_key: string } | { staff_id: string },
  action?: Action,
): Promise<Call> => post('/api/telephony/calls/{id}/transfer', { path: { id }, body: to, action })
export const wrapUpDone = (id: string, action?: Action) =>
  post('/api/telephony/calls/{id}/wrap-up-done', { path: { id }, action })

export interface Dial {
  number?: string
  order_id?: string
  revisit_id?: string
  purpose: string
}
/** Click to call: rings my phone, then the customer's. The same action dials once. */
export const dial = (body: Dial, action?: Action): Promise<Call> =>
  post('/api/telephony/dial', { body, action })

export const flows = (): Promise<Items<Flow>> => get('/api/telephony/flows', {})
export const publishFlow = (key: string, graph: Graph, action?: Action): Promise<Flow> =>
  put('/api/telephony/flows/{key}', { path: { key }, body: { graph }, action })
