/** Shapes of `/api/field`, as far as the phone reads them. */

export type OrderState =
  | 'filed' | 'dispatched' | 'accepted' | 'en_route' | 'on_site'
  | 'finished' | 'revisit' | 'closed' | 'voided'

export interface Order {
  id: string
  no: string
  kind: string
  kind_name: string
  symptom: string | null
  symptom_name: string | null
  urgency: number
  state: OrderState
  round: number
  account_id: string | null
  address: string
  community: string
  contact_name: string
  contact_phone: string
  description: string
  org_name: string
  appointment_from: string | null
  appointment_to: string | null
  accept_due: string
  arrive_due: string
  finish_due: string
  next_due: string | null
  next_step: string | null
  chases: number
  cause: string | null
  cause_name: string | null
  resolution: string
  satisfaction: string | null
  lng: number | null
  lat: number | null
  opened_at: string
  dispatched_at: string | null
  accepted_at: string | null
  set_out_at: string | null
  arrived_at: string | null
  finished_at: string | null
  closed_at: string | null
}

export type EvidenceKind = 'photo_before' | 'photo_after' | 'signature'
export const ROOMS = ['living', 'bedroom', 'kitchen', 'bath', 'other'] as const
export type Room = (typeof ROOMS)[number]

export interface Evidence {
  id: string
  kind: string
  file_id: string
  taken_at: string
}

export interface Temperature {
  room: string
  decidegrees: number
  taken_at: string
}

export interface Visit {
  id: string
  round: number
  accepted_at: string
  set_out_at: string | null
  arrived_at: string | null
  distance_m: number | null
  finished_at: string | null
  returned_at: string | null
}

export interface StationReading {
  node_id: string
  name: string
  at: string
  supply_decidegrees: number
  return_decidegrees: number
  supply_kpa: number
  return_kpa: number
  flow_lph: number
}

export type Task = Order & { visit?: Visit | null }

export type TaskDetail = Task & {
  evidence: Evidence[]
  temperatures: Temperature[]
  past_orders: Order[]
  station: StationReading | null
}

export interface Cause {
  key: string
  kind: string
  name: string
  name_en: string
  side: 'user' | 'network' | 'none'
}

/** What the repairer has chosen and not yet handed in; kept on the phone. */
export interface Draft {
  cause: string | null
  note: string
}
