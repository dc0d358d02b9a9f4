import type { Action } from '@hearthline/kit'
import { get, post } from './call'
import type { Message, Page, PortalMatter } from './types'

export const messages = (query: { matter?: string; limit?: number; after?: string }): Promise<Page<Message>> =>
  get('/api/channels/messages', { query })

/** A matter as its customer sees it through the link that was sent to him. */
export const matter = (token: string): Promise<PortalMatter> =>
  get('/api/portal/p/{token}', { path: { token } })
export const chaseByLink = (token: string, note: string, action?: Action): Promise<PortalMatter> =>
  post('/api/portal/p/{token}/chase', { path: { token }, body: { note }, action })
