import type { Action } from '@hearthline/kit'
import { get, post, put } from './call'
import type { components } from './schema'
import type { Items } from './types'

type S = components['schemas']

export type PackVersion = S['PackVersion']
export type PackReport = S['PackReport']
export type PackFinding = S['PackFinding']
export type PackExample = S['ExampleResult']
export type PackDetail = S['PackDetail']
export type Pack = S['Pack']
export type NewPack = S['NewPack']
export type PackEdit = S['PackEdit']

/** Versions of the rules by which heat is charged. */
export const list = (): Promise<Items<PackVersion>> => get('/api/billing/packs', {})
export const detail = (id: string): Promise<PackDetail> => get('/api/billing/packs/{id}', { path: { id } })
export const create = (body: NewPack, action?: Action): Promise<PackDetail> =>
  post('/api/billing/packs', { body, action })
export const save = (id: string, body: PackEdit, action?: Action): Promise<PackDetail> =>
  put('/api/billing/packs/{id}', { path: { id }, body, action })
/** What the machine says of rules that nobody keeps. */
export const check = (id: string, pack: Pack, action?: Action): Promise<PackReport> =>
  post('/api/billing/packs/{id}/check', { path: { id }, body: { pack }, action })
export const submit = (id: string, action?: Action): Promise<PackDetail> =>
  post('/api/billing/packs/{id}/submit', { path: { id }, action })
export const giveBack = (id: string, reason: string, action?: Action): Promise<PackDetail> =>
  post('/api/billing/packs/{id}/return', { path: { id }, body: { reason }, action })
export const approve = (id: string, action?: Action): Promise<PackDetail> =>
  post('/api/billing/packs/{id}/approve', { path: { id }, action })
export const publish = (id: string, action?: Action): Promise<PackDetail> =>
  post('/api/billing/packs/{id}/publish', { path: { id }, action })
