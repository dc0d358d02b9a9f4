/** Keeps the server's answers on the phone, and shows them again where there is no network. */
import type { QueryClient } from '@tanstack/vue-query'
import { device } from '.'

const KEPT = new Set(['field', 'catalogue', 'dispatch'])

export async function seedAnswers(queries: QueryClient, person: string) {
  const { own } = await device()
  for (const { question, value, at } of await own.answersOf(person)) {
    queries.setQueryData(question, value, { updatedAt: at })
  }
  // However young it is, the server may have moved on while we were away.
  await queries.invalidateQueries({ refetchType: 'none' })
}

/** From now on each fresh answer is kept for the person who got it. */
export function keepAnswers(queries: QueryClient, person: () => string | null) {
  queries.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    const who = person()
    const { queryKey, state } = event.query
    if (who === null || !KEPT.has(String(queryKey[0]))) return
    void device().then(({ own }) => own.keepAnswer(who, queryKey, state.data))
  })
}
