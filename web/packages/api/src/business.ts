import type { Action } from '@hearthline/kit'
import { asked, get, post } from './call'
import type { components } from './schema'

type S = components['schemas']

export type Application = S['Application']
export type ApplicationFile = S['ApplicationFile']
export type ApplicationForm = S['ApplicationForm']
export type ApplicationKind = S['ApplicationKind']
export type ApplicationPreview = S['ApplicationPreview']
export type ApplicationState = S['ApplicationState']
export type NewApplication = S['NewApplication']
export type Adjustment = S['Adjustment']
export type AdjustmentKind = S['AdjustmentKind']
export type NewAdjustment = S['NewAdjustment']
export type RefundReason = S['RefundReason']
export type Hold = S['Hold']
export type HoldKind = S['HoldKind']
export type HoldReason = S['HoldReason']
export type PlaceHold = S['PlaceHold']
export type Reading = S['MeterReading']
export type NewReading = S['NewReading']
export type ReadingsTaken = S['ReadingsTaken']
export type MeterSettlement = S['Settlement']
export interface Listed<T> {
  items: T[]
  next: string | null
}

/** What is asked of a list. */
export interface ListAsked {
  account_id?: string
  kind?: string
  state?: string
  open?: boolean
  active?: boolean
  odd?: boolean
  meter_number?: string
  limit?: number
  after?: string
}

export const applications = (query: ListAsked): Promise<Listed<Application>> =>
  get('/api/billing/applications', { query: asked(query) })
export const application = (id: string): Promise<ApplicationFile> =>
  get('/api/billing/applications/{id}', { path: { id } })
/** What it would change and what stands against it, before it is taken in. */
export const preview = (body: NewApplication): Promise<ApplicationPreview> =>
  post('/api/billing/applications/preview', { body })
export const submit = (body: NewApplication, action?: Action): Promise<ApplicationFile> =>
  post('/api/billing/applications', { body, action })

type Step = Promise<ApplicationFile>
export const check = (id: string, action: Action | undefined, despite: string | null): Step =>
  post('/api/billing/applications/{id}/check', { path: { id }, body: { despite }, action })
export const approve = (id: string, action: Action | undefined, note: string): Step =>
  post('/api/billing/applications/{id}/approve', { path: { id }, body: { note }, action })
export const refuse = (id: string, action: Action | undefined, note: string): Step =>
  post('/api/billing/applications/{id}/refuse', { path: { id }, body: { note }, action })
export const withdraw = (id: string, action: Action | undefined, note: string): Step =>
  post('/api/billing/applications/{id}/withdraw', { path: { id }, body: { note }, action })
export const addPaper = (id: string, action: Action | undefined, file_id: string, kind: string): Step =>
  post('/api/billing/applications/{id}/papers', { path: { id }, body: { file_id, kind }, action })

export const adjustments = (query: ListAsked): Promise<Listed<Adjustment>> =>
  get('/api/billing/adjustments', { query: asked(query) })
export const adjust = (body: NewAdjustment, action?: Action): Promise<Adjustment> =>
  post('/api/billing/adjustments', { body, action })
export const decide = (
  id: string,
  action: Action | undefined,
  how: 'approve' | 'refuse' | 'withdraw',
  note: string,
): Promise<Adjustment> => {
  const send = { path: { id }, body: { note }, action }
  if (how === 'approve') return post('/api/billing/adjustments/{id}/approve', send)
  if (how === 'refuse') return post('/api/billing/adjustments/{id}/refuse', send)
  return post('/api/billing/adjustments/{id}/withdraw', send)
}

export const holds = (query: ListAsked): Promise<Listed<Hold>> =>
  get('/api/billing/holds', { query: asked(query) })
export const placeHold = (body: PlaceHold, action?: Action): Promise<Hold> =>
  post('/api/billing/holds', { body, action })
export const releaseHold = (id: string, action: Action | undefined, reason: string): Promise<Hold> =>
  post('/api/billing/holds/{id}/release', { path: { id }, body: { reason }, action })

export const readings = (query: ListAsked): Promise<Listed<Reading>> =>
  get('/api/billing/readings', { query: asked(query) })
export const takeReading = (body: NewReading, action?: Action): Promise<Reading> =>
  post('/api/billing/readings', { body, action })
export const importReadings = (lines: NewReading[], action?: Action): Promise<ReadingsTaken> =>
  post('/api/billing/readings/import', { body: { lines }, action })

/** What is so of a household on a day: its rooms, for the forms. */
export const factsOn = (id: string, on: string): Promise<S['FactsThen']> =>
  get('/api/directory/accounts/{id}/facts', { path: { id }, query: asked({ on }) })

export const seasons = () => get('/api/ledger/seasons', {})
