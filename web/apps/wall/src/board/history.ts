/** What a figure was before: one value a minute, kept over a reload, for trends of what has no hours. */

export interface Sample {
  at: number
  value: number
}

const EACH_MS = 60_000
const KEPT_MS = 4 * 3_600_000
const HOUR_MS = 3_600_000

/** With the value added, unless the last one is younger than a minute (then it is replaced). */
export function extend(samples: readonly Sample[], value: number | null, now: number): Sample[] {
  const kept = samples.filter((s) => now - s.at <= KEPT_MS && s.at <= now)
  if (value === null) return kept
  const before = kept.at(-2)
  if (before && now - before.at < EACH_MS) kept.pop()
  return [...kept, { at: now, value }]
}

/** Against an hour ago, or the oldest known when less is known. */
export function trend(samples: readonly Sample[], now: number): 'up' | 'down' | 'flat' {
  const last = samples.at(-1)
  const then = samples.find((s) => now - s.at <= HOUR_MS)
  if (!last || !then) return 'flat'
  const difference = last.value - then.value
  const least = Math.max(Math.abs(then.value) * 0.02, 1e-9)
  return difference > least ? 'up' : difference < -least ? 'down' : 'flat'
}

/** How many stood open after each hour of today, reckoned back from what stands open now. */
export function standing(now: number, hours: readonly { opened: number; closed: number }[]): number[] {
  const levels = [now]
  for (const { opened, closed } of [...hours].reverse()) levels.unshift(levels[0]! - opened + closed)
  return levels
}

/** A line through values from left to right, as a path within `width` × `height`. */
export function line(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return ''
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span = high - low || 1
  const step = width / (values.length - 1)
  const y = (v: number) => (high === low ? height / 2 : height - ((v - low) / span) * height)
  return values.map((v, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${y(v).toFixed(1)}`).join('')
}
