/** On or off duty: switched here, told through the queue like everything else. */
import { dispatch } from '@hearthline/api'
import { useSession } from '@hearthline/kit'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useQueue } from '../queue/useQueue'

/** The line of the queue in which shift changes keep their order. */
const LINE = { id: 'shift', no: '', address: '' }

export function useShift() {
  const session = useSession()
  const queue = useQueue()
  const query = useQuery({
    queryKey: ['dispatch', 'me'],
    queryFn: () => dispatch.me(),
    enabled: computed(() => session.me !== null),
  })
  const onShift = computed(() => {
    const last = queue.ofOrder(LINE.id).filter((item) => !item.refusal).at(-1)
    return last ? last.body.on === true : (query.data.value?.on_shift ?? false)
  })
  const setShift = (on: boolean) => queue.add('shift', LINE, { on })
  return { query, onShift, setShift }
}
