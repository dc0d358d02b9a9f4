/** One value that changed: its path, before and after. */
export interface Difference {
  path: string
  from: string
  to: string
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const words = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function compare(path: string, from: unknown, to: unknown): Difference[] {
  // A new thing comes from nothing: each of its values does.
  if ((isTree(from) || (from ?? null) === null) && isTree(to)) {
    const before = isTree(from) ? from : {}
    const keys = [...new Set([...Object.keys(before), ...Object.keys(to)])]
    return keys.flatMap((key) => compare(path ? `${path}.${key}` : key, before[key], to[key]))
  }
  const pair = { path, from: words(from), to: words(to) }
  return pair.from === pair.to ? [] : [pair]
}

/** What an event says changed from what to what; events without such a pair say nothing here. */
export function differences(payload: Record<string, unknown>): Difference[] {
  const states = 'from_state' in payload ? compare('state', payload.from_state, payload.to_state) : []
  const values = 'from' in payload || 'to' in payload ? compare('', payload.from, payload.to) : []
  return [...states, ...values]
}

/** The rest of an event's payload, in short. */
export function remainder(payload: Record<string, unknown>): { key: string; value: string }[] {
  const told = new Set(['from', 'to', 'from_state', 'to_state', 'ranking'])
  return Object.entries(payload)
    .filter(([key, value]) => !told.has(key) && words(value) !== '')
    .map(([key, value]) => ({ key, value: words(value) }))
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a value says something to a person: ids do not. */
export const speaks = (value: string) => !ID.test(value)
