import { type Call, insight, telephony } from '@hearthline/api'
import { onChange, useSession } from '@hearthline/kit'
import { Softphone } from '@hearthline/phone'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { computed, markRaw, ref, watch } from 'vue'

/** How the agent stands, in one word for the bar: what rings comes before what the seat says. */
export type Phase = 'none' | 'offline' | 'away' | 'idle' | 'ringing' | 'dialing' | 'talking' | 'held' | 'wrap_up'

const KEPT = 'hl.lastCall'

declare global {
  interface Window {
    /** A handle for tests and support: the telephone of this page. */
    __phone?: Softphone
  }
}

/** The agent's seat, telephone and call; one for the whole desk. */
export const useTelephone = defineStore('telephone', () => {
  const session = useSession()
  const queries = useQueryClient()
  const phone = markRaw(
    new Softphone({ access: telephony.softphone, beat: telephony.heartbeat, current: refreshCall }),
  )
  window.__phone = phone
  const may = computed(() => session.can('telephony.answer'))

  const seat = useQuery({ queryKey: ['telephony', 'seat'], queryFn: telephony.seat, enabled: may })
  const current = useQuery({ queryKey: ['telephony', 'current'], queryFn: telephony.current, enabled: may })
  const call = computed<Call | null>(() => current.data.value ?? null)

  /** The call just ended stays on the screen until the agent is done with it. */
  const keptId = ref(sessionStorage.getItem(KEPT))
  const shownId = computed(() => call.value?.id ?? keptId.value)
  watch(
    () => call.value?.id,
    (id) => id && keep(id),
  )
  function keep(id: string | null) {
    keptId.value = id
    if (id) sessionStorage.setItem(KEPT, id)
    else sessionStorage.removeItem(KEPT)
  }

  const pop = useQuery({
    queryKey: computed(() => ['pop', 'call', shownId.value]),
    queryFn: () => insight.pop(shownId.value ?? ''),
    enabled: computed(() => may.value && !!shownId.value),
    staleTime: 5_000,
  })
  /** The call that the screen is about: the live one, else the one kept. */
  const shown = computed<Call | null>(() => {
    if (call.value) return call.value
    const popped = pop.data.value
    return popped?.call?.id === keptId.value ? (popped?.call ?? null) : null
  })

  async function refreshCall(): Promise<Call | null> {
    const now = await telephony.current()
    queries.setQueryData(['telephony', 'current'], now)
    return now
  }

  const phase = computed<Phase>(() => {
    if (!may.value) return 'none'
    const state = call.value?.state
    if (state === 'talking' || state === 'held' || state === 'dialing') return state
    if (state === 'ringing' || phone.state.value === 'ringing') return 'ringing'
    const sits = seat.data.value?.state
    if (sits === 'wrap_up') return 'wrap_up'
    if (sits === 'idle') return 'idle'
    if (sits === 'away') return 'away'
    if (sits === 'reserved' || sits === 'ringing') return 'ringing'
    return sits === 'talking' ? 'talking' : 'offline'
  })

  // Rings must not wait for the gathered refetch. A ring moves one's own seat; the rings of all
  // others pass by unasked, or each call would cost a request of every desk.
  onChange((change) => {
    if (!may.value) return
    const mine = change.subject_id === shownId.value
    const seatMoved = change.kind === 'telephony.seat_changed' && change.subject_id === session.me?.id
    if (mine || seatMoved) void queries.invalidateQueries({ queryKey: ['telephony', 'current'] })
    if (seatMoved) void queries.invalidateQueries({ queryKey: ['telephony', 'seat'] })
  })
  watch(phone.state, () => {
    void queries.invalidateQueries({ queryKey: ['telephony', 'current'] })
    void queries.invalidateQueries({ queryKey: ['telephony', 'seat'] })
  })
  // A goodbye can get lost with the socket that was to bring it: a line without a call is put down.
  let orphan: ReturnType<typeof setTimeout> | undefined
  watch([phone.state, call], ([state, now]) => {
    clearTimeout(orphan)
    if (state !== 'talking' || now) return
    orphan = setTimeout(async () => {
      const known = await refreshCall().catch(() => undefined)
      if (known === null && phone.state.value === 'talking') phone.hangUp()
    }, 1_000)
  })
  watch(
    () => may.value && !!session.me,
    (on) => (on ? phone.start() : phone.stop()),
    { immediate: true },
  )

  return { phone, may, seat, call, shown, shownId, pop, phase, keep, refreshCall }
})
