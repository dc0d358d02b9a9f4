import { QueryClient } from '@tanstack/vue-query'
import { Offline, Problem } from './problem'

/** Data stays as it is until the stream says that it changed; refusals are not asked again. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) =>
          !(error instanceof Problem || error instanceof Offline) && failures < 2,
      },
      mutations: { retry: false },
    },
  })
}
