/** Which positions are worth keeping: enough for a track, few enough for a battery. */
import type { Point } from '../device/store'

const EARTH_M = 6_371_000
/** Closer together than this in time, a point adds nothing. */
const LEAST_MS = 15_000
/** Standing still, one point in this time says that the person is still there. */
const STILL_MS = 120_000
/** A fix worse than this says less than the last good one. */
const WORST_M = 500
/** Movement within this, or within the fix's own error, is jitter. */
const JITTER_M = 25

type Place = Pick<Point, 'lng' | 'lat'>

/** Metres between two places. */
export function metres(a: Place, b: Place): number {
  const rad = (deg: number) => (deg * Math.PI) / 180
  const x = rad(b.lng - a.lng) * Math.cos(rad((a.lat + b.lat) / 2))
  return Math.hypot(x, rad(b.lat - a.lat)) * EARTH_M
}

export function worthKeeping(last: Point | null, next: Point): boolean {
  if (next.accuracy_m > WORST_M) return false
  if (!last) return true
  const waited = Date.parse(next.at) - Date.parse(last.at)
  if (waited < LEAST_MS) return false
  return waited >= STILL_MS || metres(last, next) > Math.max(JITTER_M, next.accuracy_m)
}
