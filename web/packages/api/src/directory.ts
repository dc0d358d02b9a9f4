import { type Action, request } from '@hearthline/kit'
import type { FeatureCollection, Point } from 'geojson'
import { asked, get, patch, post, put, remove } from './call'
import type {
  Account,
  AccountHit,
  Amend,
  Amended,
  Balance,
  BookContact,
  ByPhone,
  ContactEntry,
  Decision,
  FactsThen,
  Finding,
  HistoryLine,
  Household,
  Items,
  Merge,
  MergeTwo,
  NewDocument,
  NewMeter,
  NewPerson,
  Page,
  Person,
  PersonPatch,
  Place,
  QualityCount,
  Term,
  Unmasked,
  Utility,
} from './types'

/** Anybody by phone (any part), name, address fragments or account number. */
export const find = (q: string, limit = 20, signal?: AbortSignal): Promise<Items<AccountHit>> =>
  get('/api/directory/find', { query: { q, limit }, signal })
export const account = (id: string): Promise<Account> =>
  get('/api/directory/accounts/{id}', { path: { id } })
/** Shows what is masked; the reason is kept. */
export const unmask = (id: string, reason: string, action?: Action): Promise<Unmasked> =>
  post('/api/directory/accounts/{id}/unmask', { path: { id }, body: { reason }, action })
export const byPhone = (number: string): Promise<ByPhone> =>
  get('/api/directory/by-phone/{number}', { path: { number } })
export const bind = (number: string, account_id: string, action?: Action) =>
  post('/api/directory/bindings', { body: { number, account_id }, action })
export const unbind = (number: string, account_id: string, action?: Action) =>
  remove('/api/directory/bindings', { body: { number, account_id }, action })
export const places = (parent?: string): Promise<Items<Place>> =>
  get('/api/directory/places', { query: { parent } })
export const communities = () =>
  request<FeatureCollection<Point>>('GET', '/api/directory/communities.geojson')

/** What a household owes and has paid. */
export const balance = (id: string): Promise<Balance> =>
  get('/api/ledger/accounts/{id}/balance', { path: { id } })

/** Everything around a household that its first page does not show. */
export const household = (id: string): Promise<Household> =>
  get('/api/directory/accounts/{id}/household', { path: { id } })
/** What was so on a day, as it was known at a time. */
export const factsThen = (id: string, on: string, known_at?: string): Promise<FactsThen> =>
  get('/api/directory/accounts/{id}/facts', { path: { id }, query: { on, known_at } })
export const history = (id: string): Promise<Items<HistoryLine>> =>
  get('/api/directory/accounts/{id}/history', { path: { id } })
export const amend = (body: Amend, action?: Action): Promise<Amended> =>
  post('/api/directory/amendments', { body, action })
export const setTags = (id: string, tags: string[], action?: Action) =>
  put('/api/directory/accounts/{id}/tags', { path: { id }, body: { tags }, action })
export const blacklist = (id: string, reason: string, action?: Action) =>
  post('/api/directory/accounts/{id}/blacklist', { path: { id }, body: { reason }, action })
export const liftBlacklist = (id: string, reason: string, action?: Action) =>
  post('/api/directory/accounts/{id}/blacklist/lift', { path: { id }, body: { reason }, action })
export const addDocument = (id: string, body: NewDocument, action?: Action) =>
  post('/api/directory/accounts/{id}/documents', { path: { id }, body, action })
export const removeDocument = (id: string, action?: Action) =>
  remove('/api/directory/documents/{id}', { path: { id }, action })
export const fitMeter = (body: NewMeter, action?: Action) => post('/api/directory/meters', { body, action })
export const removeMeter = (id: string, on: string, action?: Action) =>
  post('/api/directory/meters/{id}/remove', { path: { id }, body: { on }, action })
export const addPerson = (body: NewPerson, action?: Action) => post('/api/directory/people', { body, action })
export const changePerson = (id: string, body: PersonPatch, action?: Action): Promise<Person> =>
  patch('/api/directory/people/{id}', { path: { id }, body, action })
export const addPhone = (id: string, number: string, label: string, action?: Action): Promise<Person> =>
  post('/api/directory/people/{id}/phones', { path: { id }, body: { number, label }, action })
export const removePhone = (id: string, number: string, action?: Action): Promise<Person> =>
  post('/api/directory/people/{id}/phones/remove', { path: { id }, body: { number, label: '' }, action })
export const terms = (dictionary?: string): Promise<Items<Term>> =>
  get('/api/directory/terms', { query: { dictionary } })
export const putTerm = (body: Term, action?: Action) => put('/api/directory/terms', { body, action })
export const putUtility = (body: Utility, action?: Action) => put('/api/directory/utilities', { body, action })
export const utilities = (): Promise<Items<Utility>> => get('/api/directory/utilities', {})
export const contacts = (q: string, group?: string): Promise<Items<BookContact>> =>
  get('/api/directory/contacts', { query: { q, group } })
export const addContact = (body: ContactEntry, action?: Action) => post('/api/directory/contacts', { body, action })
export const changeContact = (id: string, body: ContactEntry, action?: Action) =>
  put('/api/directory/contacts/{id}', { path: { id }, body, action })
export const removeContact = (id: string, action?: Action) =>
  remove('/api/directory/contacts/{id}', { path: { id }, action })
export const quality = (): Promise<Items<QualityCount>> => get('/api/directory/quality', {})
export const scanQuality = (action?: Action) => post('/api/directory/quality/scan', { action })
export const findings = (rule: string, state: string, after?: string): Promise<Page<Finding>> =>
  get('/api/directory/findings', { query: asked({ rule, state, after, limit: 50 }) })
export const decide = (id: string, body: Decision, action?: Action) =>
  post('/api/directory/findings/{id}/decide', { path: { id }, body, action })
export const merges = (): Promise<Items<Merge>> => get('/api/directory/merges', {})
export const mergeRows = (body: MergeTwo, action?: Action) => post('/api/directory/merges', { body, action })
export const undoMerge = (id: string, reason: string, action?: Action) =>
  post('/api/directory/merges/{id}/undo', { path: { id }, body: { reason }, action })
