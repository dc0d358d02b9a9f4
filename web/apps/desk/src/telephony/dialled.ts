import { type Call, telephony } from '@hearthline/api'
import { useQueryClient } from '@tanstack/vue-query'
import { useAct } from '../common/useAct'
import { useTelephone } from './telephone'

/** Click to call: rings my telephone, then the customer's. */
export function useDial() {
  const telephone = useTelephone()
  const queries = useQueryClient()
  return useAct(async (action, what: telephony.Dial): Promise<Call> => {
    const call = await telephony.dial(what, action)
    queries.setQueryData(['telephony', 'current'], call)
    telephone.keep(call.id)
    return call
  })
}
