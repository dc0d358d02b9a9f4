import { type Ref, onScopeDispose, readonly, ref } from 'vue'

/** How far this machine's clock is behind the server's, in milliseconds. */
let behindMs = 0

/** Below this, a difference is the header's rounding and the way here, not a wrong clock. */
const TOLERATED_MS = 3_000

/** Learns the server's time from a response's `Date` header. */
export function noteServerTime(date: string | null, localMs = Date.now()) {
  const server = date ? Date.parse(date) : Number.NaN
  if (Number.isNaN(server)) return
  const difference = server - localMs
  behindMs = Math.abs(difference) > TOLERATED_MS ? difference : 0
}

/** Now, by the server's clock: time limits are the server's. */
export function now(): number {
  return Date.now() + behindMs
}

const tick = ref(now())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Now as a value that moves each second; one timer serves the whole page. */
export function useNow(): Readonly<Ref<number>> {
  tick.value = now()
  watchers += 1
  timer ??= setInterval(() => (tick.value = now()), 1_000)
  onScopeDispose(() => {
    watchers -= 1
    if (watchers > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return readonly(tick)
}
