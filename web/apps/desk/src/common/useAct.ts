import { type Action, Offline, Problem, locale, newAction, say } from '@hearthline/kit'
import { useQueryClient } from '@tanstack/vue-query'
import { ElMessage } from 'element-plus'
import { ref } from 'vue'

/** Tells a refusal in the person's words. */
export function showProblem(error: unknown) {
  const words =
    error instanceof Problem
      ? error.words(locale.value)
      : error instanceof Offline
        ? say('ui.error.offline')
        : say('common.failed')
  ElMessage({ type: 'error', message: words, duration: 6_000, showClose: true })
}

/** Tells that something was done. */
export const showDone = (message: string) => ElMessage({ type: 'success', message, duration: 2_500 })

/**
 * One thing that a person does: pressed twice, or sent again after the network failed, it happens
 * once. `run` answers the result, or nothing when it was refused (and said so).
 */
export function useAct<A extends unknown[], R>(
  act: (action: Action, ...args: A) => Promise<R>,
  options: { done?: string; stale?: string[]; quiet?: boolean } = {},
) {
  const queries = useQueryClient()
  const busy = ref(false)
  const problem = ref<unknown>(null)
  let action: Action | undefined
  let said = ''

  async function run(...args: A): Promise<R | undefined> {
    if (busy.value) return undefined
    busy.value = true
    problem.value = null
    // The same words again are the same action; other words are another one.
    const words = JSON.stringify(args)
    if (!action || words !== said) action = newAction()
    said = words
    try {
      const result = await act(action, ...args)
      action = undefined
      if (options.done) showDone(say(options.done))
      for (const root of options.stale ?? []) void queries.invalidateQueries({ queryKey: [root] })
      return result
    } catch (error) {
      // A refusal is an answer: the next try is a new action. Only silence leaves the old one open.
      if (error instanceof Problem) action = undefined
      problem.value = error
      if (!options.quiet) showProblem(error)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { run, busy, problem }
}
