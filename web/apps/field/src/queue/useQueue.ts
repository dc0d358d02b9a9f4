/** The phone's queue as pages use it. */
import { stream, useSession } from '@hearthline/kit'
import type { QueryClient } from '@tanstack/vue-query'
import { computed, shallowRef, watch } from 'vue'
import { device } from '../device'
import { draftKey } from '../device/store'
import { keepAnswers } from '../device/answers'
import { personForSending } from '../session/person'
import { Driver } from './driver'
import { tally, type ActionKind, type NewItem, type OrderLabel } from './model'
import { transport } from './transport'

const driver = shallowRef<Driver>()

/** Opens the queue once, before the first page shows. */
export async function openQueue(queries: QueryClient) {
  const session = useSession()
  const me = () => session.me?.id ?? null
  const { queue, own } = await device()
  const refetch = async (orders: string[]) => {
    const asked = orders.map((id) =>
      queries.refetchQueries({ queryKey: ['field', 'task', id], type: 'all' }, { throwOnError: true }),
    )
    asked.push(queries.refetchQueries({ queryKey: ['field', 'tasks'] }, { throwOnError: true }))
    asked.push(queries.refetchQueries({ queryKey: ['dispatch', 'me'] }, { throwOnError: true }))
    const ends = await Promise.allSettled(asked)
    return ends.every((end) => end.status === 'fulfilled')
  }
  const made = new Driver(queue, transport, () => personForSending(me()), refetch)
  keepAnswers(queries, me)
  driver.value = made
  await made.run()
  watch(stream.state, (state) => state === 'live' && void made.hurry())
  watch(made.settling, (sent) => {
    for (const item of sent)
      if (item.kind === 'finish') void own.dropDraft(draftKey(item.owner.id, item.order.id))
  }, { deep: true })
}

const RUNNING = computed(() => {
  if (!driver.value) throw new Error('the queue is not open')
  return driver.value
})

export function useQueue() {
  const session = useSession()
  const items = computed(() => {
    const gone = new Set(RUNNING.value.settling.value.map((item) => item.id))
    return RUNNING.value.items.value.filter((item) => !gone.has(item.id))
  })
  const counted = computed(() => tally(items.value, session.me?.id ?? null))
  /** This person's doings on one order that the server's answers do not show yet. */
  const ofOrder = (order: string) =>
    [...RUNNING.value.settling.value, ...items.value].filter(
      (item) => item.order.id === order && item.owner.id === session.me?.id,
    )

  /** Done here and now; safe on the phone when this returns. */
  async function add(
    kind: ActionKind,
    order: OrderLabel,
    body: Record<string, unknown>,
    photo?: NewItem['photo'],
  ): Promise<void> {
    const me = session.me
    if (!me) return
    await RUNNING.value.add({
      id: crypto.randomUUID(),
      owner: { id: me.id, name: me.name },
      order: { id: order.id, no: order.no, address: order.address },
      kind,
      body,
      made_at: new Date().toISOString(),
      photo,
    })
  }

  return {
    items,
    tally: counted,
    ofOrder,
    add,
    retry: (seq: number) => RUNNING.value.retry(seq),
    discard: (seq: number) => RUNNING.value.discard(seq),
    photo: (id: string) => RUNNING.value.photo(id),
    hurry: () => RUNNING.value.hurry(),
  }
}
