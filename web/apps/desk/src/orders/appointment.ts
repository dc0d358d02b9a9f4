import { day, fromShanghai, hourMinute } from '@hearthline/kit'

/** Two-hour windows in which a repairer may come, Shanghai time. */
export const WINDOWS = ['08:00', '10:00', '12:00', '14:00', '16:00', '18:00', '20:00'] as const

const HOUR_MS = 3_600_000

/** The next `count` days from `now`. */
export function daysFrom(now: number, count = 4): string[] {
  return Array.from({ length: count }, (_, i) => day(now + i * 24 * HOUR_MS))
}

/** Windows of `date` that have not ended. */
export function openWindows(date: string, now: number): string[] {
  return WINDOWS.filter((from) => Date.parse(fromShanghai(date, from)) + 2 * HOUR_MS > now)
}

/** The window's two ends. */
export function windowOf(date: string, from: string): { from: string; to: string } {
  const start = fromShanghai(date, from)
  return { from: start, to: new Date(Date.parse(start) + 2 * HOUR_MS).toISOString() }
}

/** 14:00–16:00 */
export const windowWords = (from: string, to: string) => `${hourMinute(from)}–${hourMinute(to)}`
