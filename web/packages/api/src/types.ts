/** Names for the server's shapes; what they are stands in `schema.ts`, made from its document. */
import type { components, operations } from './schema'

type S = components['schemas']

export interface Page<T> {
  items: T[]
  next: string | null
}
export interface Items<T> {
  items: T[]
}

export type Org = S['Org']
export type Staff = S['Staff']
export type StaffRole = S['HeldRole']
export type Role = S['Role']
export type RolePermission = S['RoleKey']
export type Permission = S['PermissionInfo']
export type Session = S['SessionInfo']
export type EventRow = Omit<S['EventRow'], 'payload'> & { payload: Record<string, unknown> }

export type AccountHit = S['AccountHit'] & { bound?: boolean }
export type Account = S['Account']
export type Phone = S['Phone']
export type Mark = S['Mark']
export type Place = S['Place']
export type Unmasked = S['Unmasked']
export type ByPhone = S['PhoneMatch']
export type Household = S['Household']
export type UtilityAccount = S['UtilityAccount']
export type HouseholdPaper = S['HouseholdPaper']
export type FittedMeter = S['FittedMeter']
export type RoomNow = S['RoomNow']
export type Person = S['Person']
export type PersonPatch = S['PersonPatch']
export type NewPerson = S['NewPerson']
export type NewDocument = S['NewDocument']
export type NewMeter = S['NewMeter']
export type FactsThen = S['FactsThen']
export type HistoryLine = S['HistoryLine']
export type FieldChange = S['FieldChange']
export type Amend = S['Amend']
export type Amended = S['Amended']
export type Term = S['Term']
export type Utility = S['Utility']
export type BookContact = S['BookContact']
export type ContactEntry = S['ContactEntry']
export type QualityCount = S['QualityCount']
export type Finding = Omit<S['Finding'], 'detail'> & { detail: Record<string, unknown> }
export type Decision = S['Decision']
export type Merge = S['Merge']
export type MergeTwo = S['MergeTwo']
export type Balance = S['Balance']

export type Order = S['Order']
export type OrderState = S['State']
export type OrderDetail = S['Detail']
export type Revisit = S['RevisitRow']
export type RevisitTask = S['OpenRevisit']
export type Catalogue = S['Catalogue']
export type NewOrder = S['NewOrder']
export type OrderPreview = S['Preview']
export type PastOrder = S['PastOrder']
export type Satisfaction = S['Satisfaction']
export type Urgency = S['Urgency']

export type Call = S['Call']
export type CallState = S['CallState']
export type Seat = S['Seat']
export type SeatState = S['SeatState']
export type Heartbeat = S['Heartbeat']
export type SoftphoneAccess = S['Softphone']
export type Queue = S['Queue']
export type QueueMember = S['QueueMember']
export type NewMember = S['NewMember']
export type Strategy = S['Strategy']
export type Waveform = S['Waveform']
export type Flow = S['FlowView']
export type Graph = S['Graph']

export type Pop = S['Pop']
export type Station = S['Station'] & Partial<Pick<S['StationTrend'], 'recent'>>
export type Notice = Omit<S['Notice'], 'kind'> & { kind: S['NoticeKind'] }
export type NoticeDraft = S['NewNotice']
export type Today = S['Today']
export type Backlog = S['Backlog']
export type LiveMap = S['LiveMap']
export type Chain = S['Chain']
export type Wall = S['Wall']
export type WallQueue = S['WallQueue']

export type Proposal = S['Proposal']
export type Ranked = S['RankedWorker']
export type Worker = S['Worker']

export type Point = S['Point']
export type Evidence = S['Evidence']
export type Temperature = S['RoomTemperature']
export type Visit = S['Visit']
export type FieldTask = S['FieldTask']
export type FieldTaskDetail = S['FieldTaskDetail']

export type Message = S['Message']
export type PortalMatter = S['PortalMatter']
export type DemoCaller = S['DemoCaller']
export type StoredFile = S['File']

/** Conditions as pages keep them: words from the address bar, an empty one asks nothing. */
type Words<T> = { [K in keyof T]?: string | number }
type QueryOf<K extends keyof operations> = NonNullable<operations[K]['parameters']['query']>
export type OrderFilter = Words<QueryOf<'list_orders'>>
export type CallFilter = Words<QueryOf<'list_calls'>>
export type StaffFilter = Words<QueryOf<'list_staff'>>
export type EventFilter = Words<QueryOf<'list_events'>>

export type FeePivot = S['FeePivot']
export type FeeField = S['FeeField']
export type FeeDimension = S['FeeDimension']
export type FeeHouseholds = S['FeeHouseholds']
export type FeeAge = S['FeeAge']
export type FeeAges = S['FeeAges']
export type FeeCurve = S['FeeCurve']
export type FeeChanges = S['FeeChanges']
export type FeeJournal = S['Journal']
export type Vouchers = S['Vouchers']
export type UseState = S['UseState']
export type Season = S['Season']
