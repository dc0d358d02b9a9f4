/** Reports where the repairer is while on duty: kept on the phone first, sent in batches. */
import { dispatch } from '@hearthline/api'
import { Problem } from '@hearthline/kit'
import { ref, watch, type Ref } from 'vue'
import { device } from '../device'
import { personForSending } from '../session/person'
import type { Point } from '../device/store'
import { worthKeeping } from './track'

export type PositionState = 'off' | 'waiting' | 'ok' | 'denied'

const SEND_EACH_MS = 15_000
/** Who stands still is heard this often: the house takes three minutes of silence for absence. */
const ALIVE_EACH_MS = 60_000

const state = ref<PositionState>('off')
const last = ref<Point | null>(null)

export const position = { state, last }

/** Follows `onShift` of `person` for as long as the app is open. */
export function reportPositions(person: Ref<string | null>, onShift: Ref<boolean>) {
  let watching: number | undefined
  let timer: ReturnType<typeof setInterval> | undefined

  const stop = () => {
    if (watching !== undefined) navigator.geolocation.clearWatch(watching)
    clearInterval(timer)
    watching = undefined
    state.value = 'off'
    last.value = null
  }
  const begin = (who: string) => {
    if (!navigator.geolocation) return
    state.value = 'waiting'
    const options = { enableHighAccuracy: true, maximumAge: 10_000 }
    const failed = (e: GeolocationPositionError) => {
      if (e.code === e.PERMISSION_DENIED) state.value = 'denied'
    }
    watching = navigator.geolocation.watchPosition((fix) => void take(who, fix), failed, options)
    timer = setInterval(() => void send(who), SEND_EACH_MS)
  }
  const take = async (who: string, fix: GeolocationPosition) => {
    state.value = 'ok'
    const point = pointOf(fix)
    if (!worthKeeping(last.value, point)) return
    const first = last.value === null
    last.value = point
    await (await device()).own.addPoint(who, point)
    if (first) await send(who)
  }

  watch(
    [person, onShift],
    ([who, on]) => {
      stop()
      if (who !== null && on) begin(who)
    },
    { immediate: true },
  )
}

let sending = false
let heard = 0

async function send(who: string) {
  if (sending || !navigator.onLine || personForSending(who) === null) return
  sending = true
  try {
    const { points, sent } = await (await device()).own.pointsOf(who)
    if (points.length === 0 && Date.now() - heard < ALIVE_EACH_MS) return
    try {
      await dispatch.positions(points)
      heard = Date.now()
      await sent()
    } catch (error) {
      // Refused for good: a track is derived knowledge, and must not clog the phone.
      if (error instanceof Problem && [400, 403, 404, 422].includes(error.status)) await sent()
    }
  } finally {
    sending = false
  }
}

export function pointOf(fix: GeolocationPosition): Point {
  return {
    lng: fix.coords.longitude,
    lat: fix.coords.latitude,
    accuracy_m: Math.round(fix.coords.accuracy),
    at: new Date(fix.timestamp).toISOString(),
  }
}

/**
 * One position now. A phone that lies still may report nothing new for minutes: then its last fix
 * is where it is. Null when it knows none.
 */
export async function positionNow(): Promise<Point | null> {
  const fresh = await ask({ enableHighAccuracy: true, timeout: 8_000, maximumAge: 60_000 })
  return fresh ?? ask({ timeout: 1_000, maximumAge: Infinity })
}

function ask(options: PositionOptions): Promise<Point | null> {
  if (!navigator.geolocation) return Promise.resolve(null)
  return new Promise((resolve) =>
    navigator.geolocation.getCurrentPosition(
      (fix) => resolve(pointOf(fix)),
      () => resolve(null),
      options,
    ),
  )
}
