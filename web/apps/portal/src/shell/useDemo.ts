/** The demonstration's telephones, when the demonstration is on. */
import { demo } from '@hearthline/api'
import { Problem } from '@hearthline/kit'
import { useQuery } from '@tanstack/vue-query'

export function useDemo() {
  return useQuery({
    queryKey: ['demo'],
    queryFn: async () => {
      try {
        return await demo.caller()
      } catch (error) {
        if (error instanceof Problem && error.missing) return null
        throw error
      }
    },
    staleTime: Infinity,
  })
}
