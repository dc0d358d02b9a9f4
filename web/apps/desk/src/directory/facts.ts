import type { AccountPatch, PremisePatch } from './shapes'

/** A form of a household's fact: which it is, of what, and how it is entered. */
export interface Field {
  name: string
  of: 'account' | 'premise'
  /** Words to choose from; a number in m² or m otherwise. */
  words?: string[]
  unit?: string
}

export const FIELDS: Field[] = [
  { name: 'heat_use_state', of: 'account', words: ['using', 'stopped', 'forced_stop', 'not_connected'] },
  { name: 'network_state', of: 'account', words: ['planned', 'connected', 'cut', 'removed'] },
  { name: 'charge_type', of: 'account', words: ['area', 'two_part', 'metered'] },
  { name: 'low_income', of: 'account', words: ['true', 'false'] },
  { name: 'building_area', of: 'premise', unit: 'm²' },
  { name: 'usable_area', of: 'premise', unit: 'm²' },
  { name: 'heated_area', of: 'premise', unit: 'm²' },
  { name: 'charged_area', of: 'premise', unit: 'm²' },
  { name: 'storey_height', of: 'premise', unit: 'm' },
  { name: 'user_class', of: 'premise', words: ['resident', 'shop', 'public', 'garage'] },
  { name: 'heating_manner', of: 'premise', words: ['radiator', 'floor', 'fan_coil'] },
]

/** What was entered for a field as the server's patch takes it. */
export function patchOf(field: Field, value: string): AccountPatch & PremisePatch {
  return { [field.name]: field.name === 'low_income' ? value === 'true' : value }
}

/** The key of a word of a fact in the catalogue; numbers have none. */
export function wordKey(field: string, value: string): string | undefined {
  const known = FIELDS.find((f) => f.name === field)
  return known?.words?.includes(value) ? `household.word.${field}.${value}` : undefined
}

/** An area as it may be entered: digits with at most two decimals. */
export const isMeasure = (text: string) => /^\d{1,7}(\.\d{1,2})?$/.test(text.trim())
