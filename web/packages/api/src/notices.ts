import type { Action } from '@hearthline/kit'
import { get, post } from './call'
import type { Items, Notice, NoticeDraft, Station } from './types'

export const list = (active = true): Promise<Items<Notice>> =>
  get('/api/notices/notices', { query: { active: active ? 1 : 0 } }) as Promise<Items<Notice>>
export const publish = (body: NoticeDraft, action?: Action) =>
  post('/api/notices/notices', { body, action })
export const end = (id: string, action?: Action) =>
  post('/api/notices/notices/{id}/end', { path: { id }, action })
export const stations = (): Promise<Items<Station>> => get('/api/notices/stations', {})
