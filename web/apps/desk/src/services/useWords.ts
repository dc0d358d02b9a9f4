import { services } from '@hearthline/api'
import { locale } from '@hearthline/kit'

/** A name in the reader's language, where the list has one. */
export const nameOf = (of: { name: string; name_en: string }) => (locale.value === 'en' && of.name_en ? of.name_en : of.name)

/** Hundredths of a unit as people write them. */
export const amountOf = (hundredths: number) => String(hundredths / 100)

/** A whole number in its limits, or nothing. */
export function wholeOf(text: string, most: number): number | null {
  const found = /^\d{1,5}$/.exec(text.trim())
  const value = found ? Number(found[0]) : NaN
  return value <= most ? value : null
}

/** Yuan as typed in fen; nothing is zero here. */
export function yuanOf(text: string): number | null {
  const found = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(text.trim())
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}

/** Percent as typed in hundredths of a percent. */
export function shareOf(text: string): number | null {
  const fen = yuanOf(text)
  return fen !== null && fen <= 10_000 ? fen : null
}

/** The first thing that a list says about work, and how many more there are. */
export function worded(lines: services.Line[]): string {
  return lines.map((l) => `${nameOf(l)} ×${amountOf(l.quantity)}`).join('、')
}
