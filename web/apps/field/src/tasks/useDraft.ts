/** What was chosen and not yet handed in, kept on the phone so that nothing typed is lost. */
import { useSession } from '@hearthline/kit'
import { reactive, ref, watch } from 'vue'
import { device } from '../device'
import { draftKey } from '../device/store'
import type { Draft } from './model'

export function useDraft(order: string) {
  const session = useSession()
  const key = draftKey(session.me?.id ?? '', order)
  const draft = reactive<Draft>({ cause: null, note: '' })
  const ready = ref(false)
  void device().then(async ({ own }) => {
    Object.assign(draft, await own.draft(key))
    ready.value = true
  })
  watch(draft, async () => {
    if (ready.value) await (await device()).own.keepDraft(key, { ...draft })
  })
  return { draft, ready }
}
