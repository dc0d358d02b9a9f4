import { get } from './call'
import type { Items, Season } from './types'

/** The heating seasons, newest first. */
export const seasons = (): Promise<Items<Season>> => get('/api/ledger/seasons', {})
