/** Rules as the editor sees them: sections, rows with a citation, values of any shape. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Fields = { [key: string]: Json }
export interface Cited {
  value: Json
  citation: string
}

export const SECTIONS = [
  'calendar', 'areas', 'prices', 'height', 'metering', 'stop', 'late', 'discounts', 'refunds', 'money', 'approvals', 'service', 'changes',
] as const
export type Section = (typeof SECTIONS)[number]

export const isFields = (v: Json | undefined): v is Fields => typeof v === 'object' && v !== null && !Array.isArray(v)
export const isCited = (v: Json): boolean => isFields(v) && 'citation' in v && 'value' in v

const CLASSES = ['resident', 'shop', 'public', 'garage']
const AREAS = ['building', 'usable', 'heated', 'charged']
const ITEMS = ['heat', 'basic', 'metered', 'height', 'late', 'connection', 'reconnect', 'violation', 'overage']
const CONDITIONS = [
  'no_arrears', 'shut_off', 'out_of_warranty', 'no_violation', 'whole_contract', 'last_basic_paid', 'pipes_drained', 'no_hold', 'papers_shown',
]

/** What else may stand where one of these words stands, by the field's name. */
export const CHOICES: Record<string, readonly string[]> = {
  user_class: CLASSES,
  user_classes: CLASSES,
  charge_type: ['area', 'two_part', 'metered'],
  basis: AREAS,
  fallback: AREAS,
  items: ITEMS,
  item_order: ITEMS,
  stop_conditions: CONDITIONS,
  restore_conditions: CONDITIONS,
  conditions: CONDITIONS,
  phase: ['fill', 'trial', 'opening', 'stable', 'closing'],
  anchor: ['start', 'end'],
  partial: ['whole', 'nothing', 'part'],
  settlement: ['both_ways', 'refund_only', 'carry'],
  effective: ['valve_evidence', 'application'],
  stops: ['dispute', 'low_income', 'forced_stop'],
  outage_unit: ['hours', 'full_days'],
  order: ['arrears', 'violation', 'overage', 'late', 'current'],
  within: ['oldest_first', 'newest_first'],
  mode: ['half_up', 'half_even', 'up', 'down'],
  to: ['fen', 'jiao', 'yuan'],
  change: ['entry', 'transfer', 'split', 'merge', 'area', 'class', 'demolition'],
}
/** A few names mean different words in different places. */
const PLACED: Record<string, readonly string[]> = {
  'refunds.basis': ['full', 'without_base'],
  'metering.unit': ['kwh', 'gj'],
}
export const choices = (path: string): readonly string[] | undefined => {
  const parts = path.split('.').filter((p) => p !== 'value' && !/^\d+$/.test(p))
  return PLACED[parts.join('.')] ?? CHOICES[parts.at(-1) ?? '']
}

/** Words that bring fields of their own. */
export const VARIANTS: Record<string, Record<string, Fields>> = {
  per: { season: { per: 'season' }, month: { per: 'month', months: 4 } },
  by: { nominal: { by: 'nominal' }, actual: { by: 'actual' }, fixed: { by: 'fixed', days: 121 } },
  term: { whole_season: { term: 'whole_season' }, periods: { term: 'periods', shortest_days: 30, most: 2 } },
  from: { pay_by: { from: 'pay_by' }, season_end: { from: 'season_end' }, date: { from: 'date', day: { month: 1, day: 1 } } },
  of: { never: { of: 'never' }, charged: { of: 'charged', share: '0.3' }, overdue: { of: 'overdue', share: '0.3' } },
}
/** The field that says which variant it is, if the object is one. */
export const variantOf = (value: Fields): string | undefined =>
  Object.keys(VARIANTS).find((k) => typeof value[k] === 'string' && (value[k] as string) in (VARIANTS[k] ?? {}))

/** The name of a place, without its rows' numbers: where its label stands. */
export const lastName = (path: string): string =>
  path.split('.').filter((p) => p !== 'value' && !/^\d+$/.test(p)).at(-1) ?? ''

/** Reads what stands at a place. */
export function at(tree: Json, path: string): Json | undefined {
  let here: Json | undefined = tree
  for (const key of path.split('.')) {
    if (Array.isArray(here)) here = here[Number(key)]
    else if (isFields(here)) here = here[key]
    else return undefined
  }
  return here
}

/** Puts something there; everything else stays. */
export function put(tree: Json, path: string, value: Json): Json {
  const [key = '', ...rest] = path.split('.')
  const below = rest.join('.')
  if (Array.isArray(tree)) {
    return tree.map((v, i) => (i === Number(key) ? (below ? put(v, below, value) : value) : v))
  }
  if (!isFields(tree)) return tree
  return { ...tree, [key]: below ? put(tree[key] ?? null, below, value) : value }
}

export interface Row {
  path: string
  /** Which one, of several rows for one thing. */
  which: number | null
  cited: Cited
}

/** The rows of a section, in the order in which they are kept. */
export function rowsOf(tree: Json, section: string): { name: string; path: string; list: boolean; rows: Row[] }[] {
  const fields = at(tree, section)
  if (!isFields(fields)) return []
  return Object.entries(fields).map(([name, value]) => {
    const path = `${section}.${name}`
    const list = Array.isArray(value)
    const rows = list
      ? value.map((v, i) => ({ path: `${path}.${i}`, which: i, cited: v as unknown as Cited }))
      : [{ path, which: null, cited: value as unknown as Cited }]
    return { name, path, list, rows }
  })
}

/** Whether a finding speaks of this row. */
export const speaksOf = (finding: string, path: string) => finding === path || finding.startsWith(`${path}.`)
