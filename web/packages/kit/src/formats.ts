/** Business time, whatever the machine's own zone is. */
export const ZONE = 'Asia/Shanghai'

const made = new Map<string, Intl.DateTimeFormat>()

function format(locale: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + JSON.stringify(options)
  let known = made.get(key)
  if (!known) {
    known = new Intl.DateTimeFormat(locale, { timeZone: ZONE, hourCycle: 'h23', ...options })
    made.set(key, known)
  }
  return known
}

type Instant = string | number | Date

const parts = (at: Instant) => {
  const found: Record<string, string> = {}
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const
  for (const part of format('en-CA', options).formatToParts(new Date(at))) found[part.type] = part.value
  return found as { year: string; month: string; day: string; hour: string; minute: string; second: string }
}

/** 2026-11-22, in Shanghai. */
export function day(at: Instant): string {
  const p = parts(at)
  return `${p.year}-${p.month}-${p.day}`
}

/** 14:05, in Shanghai. */
export function hourMinute(at: Instant): string {
  const p = parts(at)
  return `${p.hour}:${p.minute}`
}

/** 2026-11-22 14:05:09, in Shanghai. */
export function dayTime(at: Instant): string {
  const p = parts(at)
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`
}

/** As short as it stays clear: 14:05 today, 11-21 14:05 this year, else with the year. */
export function shortTime(at: Instant, now: Instant): string {
  const p = parts(at)
  const n = parts(now)
  if (day(at) === day(now)) return `${p.hour}:${p.minute}`
  const date = p.year === n.year ? `${p.month}-${p.day}` : `${p.year}-${p.month}-${p.day}`
  return `${date} ${p.hour}:${p.minute}`
}

/** Sunday, as the locale says it. */
export function weekday(at: Instant, locale: string): string {
  return format(locale, { weekday: 'short' }).format(new Date(at))
}

/** The instant of a Shanghai wall-clock time such as 2026-11-22 14:00. */
export function fromShanghai(date: string, time: string): string {
  return new Date(`${date}T${time}:00+08:00`).toISOString()
}

/** 3:07, or 1:02:45 from an hour on. */
export function stopwatch(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  const h = Math.floor(s / 3600)
  const m = Math.floor((s % 3600) / 60)
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`
}

/** ¥1,234.50 of 123450 fen: thousands and fen always shown. */
export function money(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const absolute = Math.abs(Math.trunc(fen))
  const yuan = String(Math.floor(absolute / 100)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${sign}¥${yuan}.${String(absolute % 100).padStart(2, '0')}`
}

/** 21.5 of 215 tenths of a degree. */
export function degrees(decidegrees: number): string {
  return (decidegrees / 10).toFixed(1)
}

/** 87 % of 0.874; a dash when nothing was counted. */
export function percent(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? '–' : `${Math.round(rate * 100)}%`
}

/** 1.2 km or 340 m. */
export function distance(metres: number): string {
  return metres >= 1000 ? `${(metres / 1000).toFixed(1)} km` : `${Math.round(metres)} m`
}
