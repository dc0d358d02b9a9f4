import { type Action, get, post } from '@hearthline/kit'
import type { Message, Page, PortalMatter } from './contract'

export const messages = (query: { matter?: string; limit?: number; after?: string }) =>
  get<Page<Message>>('/api/channels/messages', query)

/** A matter as its customer sees it through the link that was sent to him. */
export const matter = (token: string) => get<PortalMatter>(`/api/portal/p/${token}`)
export const chaseByLink = (token: string, note: string, action?: Action) =>
  post<PortalMatter>(`/api/portal/p/${token}/chase`, { note }, action)
