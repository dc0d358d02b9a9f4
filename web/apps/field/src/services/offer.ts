/** What is being put together for the customer, before the server has priced it. */
import type { services } from '@hearthline/api'

/** One line as the repairer has it in hand. */
export interface Wish {
  item_id: string
  /** Hundredths of the unit. */
  quantity: number
  /** Another price than the list's, as typed. */
  price: string
  /** Covered or not against the rule; nothing where the rule is followed. */
  covered: boolean | null
  /** Why. */
  said: string
}

export const STEP = 100
const MOST = 1_000_000

/** One more or one less of it; at nothing the line falls away. */
export function nudge(wishes: Wish[], item_id: string, by: number): Wish[] {
  const found = wishes.find((w) => w.item_id === item_id)
  if (!found) return by > 0 ? [...wishes, { item_id, quantity: by, price: '', covered: null, said: '' }] : wishes
  const quantity = Math.min(MOST, found.quantity + by)
  if (quantity <= 0) return wishes.filter((w) => w !== found)
  return wishes.map((w) => (w === found ? { ...w, quantity } : w))
}

/** A typed amount of a unit, such as 1.5 metres. */
export function hundredths(text: string): number | null {
  const found = /^(\d{1,4})(?:\.(\d{1,2}))?$/.exec(text.trim())
  const value = found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : 0
  return value > 0 ? value : null
}

/** What the server is asked to price. A price that cannot be read is left to the list. */
export function wanted(wishes: Wish[]): services.WantedLine[] {
  return wishes.map(({ item_id, quantity, price, covered, said }) => ({
    item_id,
    quantity,
    unit_fen: price.trim() ? hundredths(price) : null,
    covered,
    said: said.trim(),
  }))
}

/** An offer taken up again: what it says is what is in hand. */
export function wishesOf(sheet: services.Sheet): Wish[] {
  return sheet.lines.map((l) => ({
    item_id: l.item_id,
    quantity: l.quantity,
    price: l.unit_fen === l.list_fen ? '' : (l.unit_fen / 100).toFixed(2),
    covered: l.covered === l.rule_covered ? null : l.covered,
    said: l.said,
  }))
}

/** The sheet that lies on the table, or was charged last. */
export const current = (sheets: services.Sheet[]) =>
  sheets.find((s) => s.state === 'quoted' || s.state === 'agreed') ?? sheets.find((s) => s.state === 'charged')
