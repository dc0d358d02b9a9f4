import { type Action, get, patch, post, put } from '@hearthline/kit'
import type {
  Call,
  CallFilter,
  Flow,
  Heartbeat,
  Items,
  Page,
  Queue,
  QueueMember,
  Seat,
  SoftphoneAccess,
  Waveform,
} from './contract'

const at = (path: string) => `/api/telephony/${path}`

/** Credentials for this browser's telephone; each time a fresh secret. */
export const softphone = (tab: string) => get<SoftphoneAccess>(at('softphone'), { tab })
export const seat = () => get<Seat>(at('agent'))
export const setSeat = (state: 'idle' | 'away', reason: string, action?: Action) =>
  post<Seat>(at('agent/state'), { state, reason }, action)
export const heartbeat = (registered: boolean, tab: string) =>
  post<Heartbeat>(at('agent/heartbeat'), { registered, tab })
export const seats = () => get<Items<Seat>>(at('seats'))

export const queues = () => get<Items<Queue>>(at('queues'))
export const saveQueue = (
  id: string,
  change: Partial<Pick<Queue, 'strategy' | 'ring_s' | 'wrap_up_s' | 'comfort_s' | 'name' | 'name_en'>>,
  action?: Action,
) => patch<Queue>(at(`queues/${id}`), change, action)
export const setMembers = (
  id: string,
  members: Pick<QueueMember, 'staff_id' | 'manner' | 'sort'>[],
  action?: Action,
) => put<Queue>(at(`queues/${id}/members`), { members }, action)

export const calls = (filter: CallFilter) => get<Page<Call>>(at('calls'), { ...filter })
export const call = (id: string) => get<Call>(at(`calls/${id}`))
/** My call that lives now, or null. */
export const current = () => get<Call | null>(at('calls/current'))
export const recordingUrl = (id: string) => at(`calls/${id}/recording`)
export const waveform = (id: string) => get<Waveform>(at(`calls/${id}/waveform`))

export const identify = (id: string, account_id: string, action?: Action) =>
  post<Call>(at(`calls/${id}/identify`), { account_id }, action)
export const hold = (id: string, action?: Action) => post<Call>(at(`calls/${id}/hold`), {}, action)
export const unhold = (id: string, action?: Action) => post<Call>(at(`calls/${id}/unhold`), {}, action)
export const hangup = (id: string, action?: Action) => post<Call>(at(`calls/${id}/hangup`), {}, action)
export const transfer = (
  id: string,
  to: { queue_key: string } | { staff_id: string },
  action?: Action,
) => post<Call>(at(`calls/${id}/transfer`), to, action)
export const wrapUpDone = (id: string, action?: Action) =>
  post<Seat>(at(`calls/${id}/wrap-up-done`), {}, action)

export interface Dial {
  number?: string
  order_id?: string
  revisit_id?: string
  purpose: string
}
/** Click to call: rings my phone, then the customer's. The same action dials once. */
export const dial = (what: Dial, action?: Action) => post<Call>(at('dial'), what, action)

export const flows = () => get<Items<Flow>>(at('flows'))
export const publishFlow = (key: string, graph: unknown, action?: Action) =>
  put<Flow>(at(`flows/${encodeURIComponent(key)}`), { graph }, action)
