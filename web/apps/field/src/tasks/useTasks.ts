/** Today's tasks, and the alarm when they change. */
import { stream, useSession } from '@hearthline/kit'
import { field, orders } from '@hearthline/api'
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useQueue } from '../queue/useQueue'
import { changes, type Changes } from './changes'
import type { Task } from './model'
import { isOver } from './path'

/** Without the live stream we look ourselves, more often. */
const LOOK_MS = { live: 60_000, alone: 10_000 }

function tasksQuery() {
  const session = useSession()
  return useQuery({
    queryKey: ['field', 'tasks'],
    queryFn: () => field.tasks(),
    enabled: computed(() => session.me !== null),
    refetchOnWindowFocus: true,
    refetchInterval: () => (stream.live.value ? LOOK_MS.live : LOOK_MS.alone),
  })
}

export function useTasks() {
  const queue = useQueue()
  const query = tasksQuery()
  /** Those that are still in hand; what is finished here, sent or not, is out of the way. */
  const tasks = computed(() =>
    (query.data.value?.items ?? []).filter((task) => !isOver(task.state, queue.ofOrder(task.id))),
  )
  return { query, tasks }
}

export function useTask(id: MaybeRefOrGetter<string | null>) {
  return useQuery({
    queryKey: computed(() => ['field', 'task', toValue(id)]),
    queryFn: () => field.task(toValue(id) ?? ''),
    enabled: computed(() => toValue(id) !== null),
    refetchOnWindowFocus: true,
  })
}

/** Causes to choose from; they change once a year. */
export function useCatalogue() {
  return useQuery({
    queryKey: ['catalogue'],
    queryFn: () => orders.catalogue(),
    staleTime: 3_600_000,
  })
}

/** Tells what came or went between two answers; the first answer on a phone is only learnt. */
export function watchTasks(tell: (found: Changes) => void) {
  const session = useSession()
  const query = tasksQuery()
  let known: { person: string; tasks: Task[] } | undefined
  watch(
    () => query.data.value?.items,
    (after) => {
      const person = session.me?.id
      if (!after || !person) return
      if (known?.person === person) tell(changes(known.tasks, after))
      known = { person, tasks: after }
    },
    { immediate: true },
  )
}
