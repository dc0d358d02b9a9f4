import { get } from '@hearthline/kit'
import type { Backlog, Chain, Items, LiveMap, Pop, Today, Wall } from './contract'

const at = (path: string) => `/api/insight/${path}`

/** Everything that the agent needs while it rings, in one request. */
export const pop = (call_id: string) => get<Pop>(at(`pop/${call_id}`))
export const popOfAccount = (account_id: string) => get<Pop>(at(`pop/account/${account_id}`))
export const today = (org?: string) => get<Today>(at('today'), { org })
export const backlog = (org?: string) => get<Items<Backlog>>(at('backlog'), { org })
export const map = (org?: string) => get<LiveMap>(at('map'), { org })
export const wall = () => get<Wall>(at('wall'))
export const chain = (matter_id: string) => get<Chain>(at(`chain/${matter_id}`))
