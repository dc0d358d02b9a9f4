import { get } from '@hearthline/kit'
import type { DemoCaller } from './contract'

/** Telephones to play a customer with; 404 outside the demonstration. */
export const caller = () => get<DemoCaller>('/api/demo/caller')
