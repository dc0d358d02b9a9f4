import { get } from './call'
import type { DemoCaller } from './types'

/** Telephones to play a customer with; 404 outside the demonstration. */
export const caller = (): Promise<DemoCaller> => get('/api/demo/caller', {})
