/** A day so many days after another, both as `2026-11-22`. */
export function after(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** Days from one to another. */
export const between = (from: string, to: string) =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** The first day that is offered: most rules want to know ten days before. */
export function firstDay(today: string, season: { first: string }): string {
  const soon = after(today, 10)
  return soon > season.first ? soon : season.first
}

export type Chapter = { key: 'asked' | 'ordered' | 'shut' | 'counts'; done: boolean; at: string | null }

/** How far a stop is, for people. */
export function chapters(stop: { made_at: string; order_no: string | null; valve_on: string | null; effective_on: string | null }): Chapter[] {
  return [
    { key: 'asked', done: true, at: stop.made_at.slice(0, 10) },
    { key: 'ordered', done: stop.order_no !== null, at: stop.order_no },
    { key: 'shut', done: stop.valve_on !== null, at: stop.valve_on },
    { key: 'counts', done: stop.effective_on !== null, at: stop.effective_on },
  ]
}
