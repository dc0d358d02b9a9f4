/** The server's shapes. Instants are RFC 3339 UTC strings, money is fen, ids are UUIDs. */

export interface Page<T> {
  items: T[]
  next: string | null
}
export interface Items<T> {
  items: T[]
}

// ── identity ────────────────────────────────────────────────────────────────────────────────────
export interface Org {
  id: string
  parent_id: string | null
  kind: 'company' | 'branch' | 'hall' | 'station' | 'team'
  code: string
  name: string
  path: string
  phone: string | null
  active: boolean
}
export interface StaffRole {
  role_id: string
  key: string
  name: string
  org_id: string
  org_name: string
}
export interface Staff {
  id: string
  login: string
  name: string
  job_no: string | null
  phone: string | null
  org: { id: string; name: string; path: string }
  roles: StaffRole[]
  active: boolean
  locked_until: string | null
}
export interface RolePermission {
  key: string
  reach: 'subtree' | 'own'
}
export interface Role {
  id: string
  key: string
  name: string
  name_en: string
  builtin: boolean
  permissions: RolePermission[]
}
export interface Permission {
  key: string
  zh: string
  en: string
}
export interface Session {
  id: string
  app: string
  ip: string
  agent: string
  created_at: string
  seen_at: string
  current?: boolean
}
export interface EventRow {
  id: number
  kind: string
  subject: string
  subject_id: string
  matter_id: string | null
  actor_id: string | null
  actor_name: string
  channel: 'desk' | 'field' | 'portal' | 'phone' | 'system'
  at: string
  payload: Record<string, unknown>
}

// ── directory ───────────────────────────────────────────────────────────────────────────────────
export interface AccountHit {
  account_id: string
  account_no: string
  name: string
  address: string
  phones: string[]
  heat_use_state: HeatUse
  org_path: string
  matched?: string
  bound?: boolean
}
export type HeatUse = 'using' | 'stopped' | 'forced_stop' | 'not_connected'
export interface Mark {
  kind: 'alteration' | 'violation' | 'stop_heat' | 'restore'
  note: string
  since: string
  until: string | null
}
export interface Phone {
  number: string
  label: string
}
export interface Account {
  id: string
  account_no: string
  utility: string
  name: string
  person_id: string
  phones: Phone[]
  address: string
  code: string
  community: string
  building: string
  unit: string
  unit_id: string
  riser_id: string | null
  riser_name: string | null
  room: string
  floor: number
  building_area: string
  heated_area: string
  user_class: 'resident' | 'shop' | 'public' | 'garage'
  heating_manner: 'radiator' | 'floor' | 'fan_coil'
  valve_state: 'open' | 'closed' | 'sealed' | 'none'
  heat_use_state: HeatUse
  tags: string[]
  org_path: string
  org_name: string
  station_node_id: string | null
  station_name: string | null
  lng: number
  lat: number
  opened_on: string
  marks: Mark[]
}
export interface Unmasked {
  phones: Phone[]
  id_number: string | null
}
export interface ByPhone {
  match: 'one' | 'several' | 'unknown'
  accounts: AccountHit[]
}
export interface Place {
  id: string
  parent_id: string | null
  kind: 'community' | 'building' | 'unit'
  code: string
  name: string
  lng: number
  lat: number
}

// ── billing ─────────────────────────────────────────────────────────────────────────────────────
export interface Balance {
  arrears_fen: number
  credit_fen: number
  by_season: { season: string; charged_fen: number; paid_fen: number; owed_fen: number }[]
  last_payments: { at: string; amount_fen: number; ledger: string; memo: string }[]
}

// ── orders ──────────────────────────────────────────────────────────────────────────────────────
export type OrderState =
  | 'filed'
  | 'dispatched'
  | 'accepted'
  | 'en_route'
  | 'on_site'
  | 'finished'
  | 'revisit'
  | 'closed'
  | 'voided'
export type Urgency = 1 | 2 | 3
export type Satisfaction = 'satisfied' | 'fair' | 'unsatisfied'
export interface Order {
  id: string
  no: string
  matter_id: string
  kind: string
  kind_name: string
  symptom: string | null
  symptom_name: string | null
  urgency: Urgency
  state: OrderState
  round: number
  account_id: string | null
  address: string
  community: string
  contact_name: string
  contact_phone: string
  description: string
  channel: string
  org_id: string
  org_path: string
  org_name: string
  assignee_id: string | null
  assignee_name: string | null
  supervisor_id: string | null
  supervisor_name: string | null
  appointment_from: string | null
  appointment_to: string | null
  accept_due: string
  arrive_due: string
  finish_due: string
  revisit_due: string | null
  next_due: string | null
  next_step: 'dispatch' | 'accept' | 'arrive' | 'finish' | 'audit' | 'revisit' | null
  chases: number
  cause: string | null
  cause_name: string | null
  resolution: string
  satisfaction: Satisfaction | null
  lng: number | null
  lat: number | null
  opened_at: string
  dispatched_at: string | null
  accepted_at: string | null
  set_out_at: string | null
  arrived_at: string | null
  finished_at: string | null
  closed_at: string | null
  version: number
  actions: string[]
}
export interface Revisit {
  id: string
  round: number
  state: 'open' | 'done'
  due_at: string
  attempts: number
  result: Satisfaction | null
  reason: string
  done_at: string | null
  done_by_name: string | null
}
export interface OrderDetail extends Order {
  calls: { call_id: string; why: 'filing' | 'chase' | 'revisit' | 'other'; at: string }[]
  revisits: Revisit[]
  contact_phone_unmasked: boolean
}
export interface RevisitTask {
  id: string
  order: Order
  round: number
  due_at: string
  attempts: number
}
export interface Catalogue {
  kinds: {
    key: string
    name: string
    name_en: string
    needs_visit: boolean
    needs_revisit: boolean
    skill: string | null
  }[]
  symptoms: { key: string; kind: string; name: string; name_en: string; urgency: Urgency }[]
  causes: { key: string; kind: string; name: string; name_en: string; side: string }[]
}
export interface NewOrder {
  kind: string
  symptom: string | null
  urgency: Urgency
  account_id: string | null
  address: string | null
  contact_name: string
  contact_phone: string
  description: string
  channel: string
  call_id: string | null
  appointment_from: string | null
  appointment_to: string | null
  org_id: string | null
}
export interface OrderPreview {
  accept_due: string
  arrive_due: string
  finish_due: string
  same_household: Order[]
  same_unit: Order[]
  same_riser: Order[]
}
export interface OrderFilter {
  state?: string
  kind?: string
  org?: string
  assignee?: string
  mine?: string
  account?: string
  unit?: string
  q?: string
  overdue?: string
  open?: string
  limit?: number
  after?: string
}

// ── telephony ───────────────────────────────────────────────────────────────────────────────────
export type SeatState =
  | 'offline'
  | 'idle'
  | 'reserved'
  | 'ringing'
  | 'talking'
  | 'wrap_up'
  | 'away'
  | 'unreachable'
export interface Seat {
  staff_id: string
  name: string
  endpoint: string
  state: SeatState
  reason: string
  since: string
  call_id: string | null
  wrap_until: string | null
  queues: { key: string; name: string }[]
}
export type Heartbeat = Seat & { leads: boolean }
export interface SoftphoneAccess {
  endpoint: string
  secret: string
  ws_url: string
  realm: string
  state: SeatState
}
export type Strategy = 'longest_idle' | 'sequential' | 'round_robin' | 'random' | 'ring_all' | 'skill'
export interface QueueMember {
  staff_id: string
  name: string
  manner: 'static' | 'dynamic'
  sort: number
}
export interface Queue {
  id: string
  key: string
  name: string
  name_en: string
  strategy: Strategy
  ring_s: number
  wrap_up_s: number
  comfort_s: number
  waiting: number
  longest_wait_s: number
  idle: number
  talking: number
  wrap_up: number
  members: QueueMember[]
}
export type CallState = 'ivr' | 'queued' | 'ringing' | 'talking' | 'held' | 'dialing' | 'ended'
export interface Call {
  id: string
  matter_id: string
  direction: 'in' | 'out'
  peer_number: string
  service_number: string
  account_id: string | null
  account_name: string | null
  address: string | null
  state: CallState
  outcome: string | null
  hung_up_by: 'peer' | 'agent' | 'system' | null
  queue_key: string | null
  queue_name: string | null
  agent_id: string | null
  agent_name: string | null
  purpose: string
  digits: string
  arrived_at: string
  queued_at: string | null
  offered_at: string | null
  answered_at: string | null
  ended_at: string | null
  recording: {
    state: 'recording' | 'stored' | 'missing'
    seconds: number | null
    file_id: string | null
  } | null
  orders: { order_id: string; no: string; why: string }[]
}
export interface CallFilter {
  agent?: string
  number?: string
  account?: string
  outcome?: string
  from?: string
  to?: string
  mine?: string
  limit?: number
  after?: string
}
export interface Waveform {
  seconds: number
  peaks: number[]
  channels: number
}
export interface Flow {
  key: string
  version: number
  graph: unknown
  published_at?: string | null
}

// ── insight ─────────────────────────────────────────────────────────────────────────────────────
export interface Station {
  node_id: string
  name: string
  at: string
  supply_decidegrees: number
  return_decidegrees: number
  supply_kpa: number
  return_kpa: number
  flow_lph: number
  recent?: { at: string; supply: number; return: number }[]
}
export interface Notice {
  id: string
  kind: 'incident' | 'works' | 'outage' | 'announcement'
  title: string
  body: string
  place_id: string | null
  node_id: string | null
  starts_at: string
  expected_end_at: string | null
  ended_at: string | null
}
export interface Pop {
  call?: Call | null
  match: 'one' | 'several' | 'unknown'
  candidates: AccountHit[]
  account: Account | null
  balance: Balance | null
  past_calls: Call[]
  past_orders: Order[]
  open_orders: Order[]
  same_unit: Order[]
  same_riser: Order[]
  station: Station | null
  notices: Notice[]
}
export interface Today {
  at: string
  calls: {
    arrived: number
    answered: number
    abandoned: number
    in_ivr: number
    waiting: number
    longest_wait_s: number
    talking: number
    answer_rate: number | null
    avg_wait_s: number | null
    by_hour: { hour: number; arrived: number; answered: number }[]
  }
  seats: { idle: number; talking: number; ringing: number; wrap_up: number; away: number; offline: number }
  orders: {
    opened: number
    closed: number
    open_by_state: Partial<Record<OrderState, number>>
    late: number
    at_risk: number
    timely_rate: number | null
    completion_rate: number | null
    by_hour: { hour: number; opened: number; closed: number }[]
  }
  satisfaction: { satisfied: number; fair: number; unsatisfied: number; rate: number | null }
}
export interface Backlog {
  org_id: string
  org_name: string
  open: number
  late: number
  at_risk: number
  oldest_at: string | null
  by_community: { community: string; n: number; late: number; lng: number | null; lat: number | null }[]
}
export interface LiveMap {
  orders: {
    id: string
    no: string
    state: OrderState
    urgency: Urgency
    next_due: string | null
    lng: number
    lat: number
    community: string
    address: string
  }[]
  workers: {
    staff_id: string
    name: string
    lng: number
    lat: number
    position_at: string
    online: boolean
    on_shift: boolean
    open: number
  }[]
  communities: { id: string; name: string; lng: number; lat: number; n: number; late: number }[]
}
export interface Chain {
  calls: { id: string; label: string }[]
  orders: { id: string; label: string }[]
  visits: { id: string; label: string }[]
  messages: { id: string; label: string }[]
  recordings: { id: string; label: string }[]
}

// ── dispatch ────────────────────────────────────────────────────────────────────────────────────
export interface Ranked {
  staff_id: string
  name: string
  phone_masked: string
  total: number
  parts: { code: string; points: number; value: number }[]
  open: number
  online: boolean
  on_shift: boolean
  distance_m: number | null
  position_at: string | null
}
export interface Proposal {
  id: string
  order_id: string
  ranked: Ranked[]
  excluded: { staff_id: string; name: string; reason: string; value: number | null }[]
}
export interface Worker {
  staff_id: string
  name: string
  org_path: string
  skills: string[]
  on_shift: boolean
  online: boolean
  lng: number | null
  lat: number | null
  position_at: string | null
  open: { id: string; no: string; address: string; state: OrderState; next_due: string | null }[]
}

// ── field ───────────────────────────────────────────────────────────────────────────────────────
export interface Point {
  lng: number
  lat: number
}
export interface Evidence {
  id: string
  kind: 'photo_before' | 'photo_after' | 'signature' | 'audio' | 'video'
  file_id: string
  taken_at: string
  received_at: string
}
export interface Temperature {
  room: 'living' | 'bedroom' | 'kitchen' | 'bath' | 'other'
  decidegrees: number
  taken_at: string
}
export interface Visit {
  id: string
  round: number
  staff_id: string
  staff_name: string
  accepted_at: string
  set_out_at: string | null
  arrived_at: string | null
  arrived: Point | null
  accuracy_m: number | null
  distance_m: number | null
  finished_at: string | null
  returned_at: string | null
  return_reason: string
  cause: string | null
  cause_name: string | null
  note: string
  evidence: Evidence[]
  temperatures: Temperature[]
}
/** What must still be handed in before the work can be finished. */
export type MissingEvidence = 'photo_before' | 'photo_after' | 'temperature' | 'signature' | 'cause'
export type FieldTask = Order & { visit: Visit | null; missing: MissingEvidence[] }
export type FieldTaskDetail = OrderDetail & {
  visit: Visit | null
  missing: MissingEvidence[]
  evidence: Evidence[]
  temperatures: Temperature[]
  past_orders: Order[]
  station: Station | null
  /** While the order is his. */
  balance: Balance | null
}

// ── channels, files ─────────────────────────────────────────────────────────────────────────────
export interface Message {
  id: string
  medium: 'sms' | 'wechat' | 'mail'
  receiver: string
  template: string
  body: string
  state: 'waiting' | 'sent' | 'failed'
  made_at: string
  sent_at: string | null
  error: string | null
}
export interface PortalMatter {
  no: string
  kind_name: string
  state: OrderState
  steps: { key: string; at: string | null }[]
  address_masked: string
  repairer: { name: string; phone_masked: string; job_no: string | null } | null
  appointment_from: string | null
  appointment_to: string | null
  arrive_due: string
  satisfaction: Satisfaction | null
  can_chase: boolean
  can_rate: boolean
  notices: Notice[]
}
export interface DemoCaller {
  ws_url: string
  accounts: { endpoint: string; secret: string }[]
  service_number: string
  numbers: { number: string; name: string; address: string }[]
}
export interface StoredFile {
  id: string
  sha256: string
  size: number
  media_type: string
  name: string
}
/** A queue on the wall: nothing names a person. */
export type WallQueue = Pick<Queue, 'key' | 'name' | 'name_en' | 'waiting' | 'longest_wait_s' | 'idle' | 'talking'>
export interface Wall {
  today: Today
  queues: WallQueue[]
  communities: LiveMap['communities']
}
