import { type Action, get, post } from '@hearthline/kit'
import type { Items, Notice, Station } from './contract'

const at = (path: string) => `/api/notices/${path}`

export const list = (active = true) => get<Items<Notice>>(at('notices'), { active: active ? 1 : 0 })
export type NoticeDraft = Omit<Notice, 'id' | 'ended_at'>
export const publish = (notice: NoticeDraft, action?: Action) => post<Notice>(at('notices'), notice, action)
export const end = (id: string, action?: Action) => post<Notice>(at(`notices/${id}/end`), {}, action)
export const stations = () => get<Items<Station>>(at('stations'))
