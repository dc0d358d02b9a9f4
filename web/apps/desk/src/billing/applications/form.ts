import type { business } from '@hearthline/api'

/** The kinds of business, in the order in which they are asked for most. */
export const KINDS: business.ApplicationKind[] = [
  'stop',
  'restore',
  'transfer',
  'area',
  'class',
  'entry',
  'split',
  'merge',
  'demolition',
]

/** What the wizard knows before it is complete. */
export interface Draft {
  kind: string
  from: string
  to: string
  premise_id: string
  premise_ids: string[]
  person_id: string
  other_id: string
  building_area: string
  heated_area: string
  charged_area: string
  user_class: string
}

export const emptyDraft = (from: string): Draft => ({
  kind: 'stop',
  from,
  to: '',
  premise_id: '',
  premise_ids: [],
  person_id: '',
  other_id: '',
  building_area: '',
  heated_area: '',
  charged_area: '',
  user_class: '',
})

/** An area as people write it: digits with at most two decimals; anything else is not taken. */
export const area = (text: string): string | null => (/^\d{1,6}(\.\d{1,2})?$/.test(text.trim()) ? text.trim() : null)

/** The form that the server takes; nothing while something is missing. */
export function formOf(d: Draft): business.ApplicationForm | null {
  const from = d.from
  if (!/^\d{4}-\d\d-\d\d$/.test(from)) return null
  switch (d.kind) {
    case 'stop':
      return d.to && d.to <= from ? null : { kind: 'stop', from, to: d.to || null }
    case 'restore':
    case 'entry':
    case 'demolition':
      return { kind: d.kind, from }
    case 'transfer':
      return d.person_id ? { kind: 'transfer', from, person_id: d.person_id } : null
    case 'merge':
      return d.other_id ? { kind: 'merge', from, other_id: d.other_id } : null
    case 'split':
      return d.other_id && d.premise_ids.length
        ? { kind: 'split', from, other_id: d.other_id, premise_ids: d.premise_ids }
        : null
    case 'area': {
      const areas = { building_area: area(d.building_area), heated_area: area(d.heated_area), charged_area: area(d.charged_area) }
      const wrong = [d.building_area, d.heated_area, d.charged_area].some((a) => a.trim() && !area(a))
      const none = !Object.values(areas).some(Boolean)
      return !d.premise_id || wrong || none ? null : { kind: 'area', from, premise_id: d.premise_id, usable_area: null, ...areas }
    }
    case 'class':
      return d.premise_id && d.user_class
        ? { kind: 'class', from, premise_id: d.premise_id, user_class: d.user_class as never }
        : null
    default:
      return null
  }
}

/** The step in which an application is shown. */
export function stepOf(state: business.ApplicationState, late = false) {
  if (state === 'done' || state === 'withdrawn') return 'done' as const
  if (state === 'refused') return 'risk' as const
  if (late) return 'late' as const
  return state === 'approved' ? ('moving' as const) : ('waiting' as const)
}
