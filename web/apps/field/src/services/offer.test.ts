import type { services } from '@hearthline/api'
import { expect, it } from 'vitest'
import { current, hundredths, nudge, wanted, wishesOf, type Wish } from './offer'

const none: Wish[] = []

it('counts up and down, and a line at nothing falls away', () => {
  const one = nudge(none, 'a', 100)
  expect(nudge(one, 'a', 100)[0]?.quantity).toBe(200)
  expect(nudge(one, 'a', -100)).toEqual([])
  expect(nudge(none, 'a', -100)).toEqual([])
})

it('reads quantities as people type them', () => {
  expect(['1.5', '2', '0', '-1', '1.234', ''].map(hundredths)).toEqual([150, 200, null, null, null, null])
})

it('leaves the price to the list and the warranty to the rule where nothing is said', () => {
  expect(wanted(nudge(none, 'a', 100))).toEqual([{ item_id: 'a', quantity: 100, unit_fen: null, covered: null, said: '' }])
})

it('takes an offer up again as it was', () => {
  const line = { item_id: 'a', quantity: 150, list_fen: 300, unit_fen: 250, rule_covered: false, covered: true, said: '照顾' }
  const sheet = { state: 'quoted', lines: [line] } as unknown as services.Sheet
  expect(wanted(wishesOf(sheet))).toEqual([{ item_id: 'a', quantity: 150, unit_fen: 250, covered: true, said: '照顾' }])
  const gone = { state: 'withdrawn', lines: [] } as unknown as services.Sheet
  expect([current([gone, sheet]), current([gone])]).toEqual([sheet, undefined])
})
