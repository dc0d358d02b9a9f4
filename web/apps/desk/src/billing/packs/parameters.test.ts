import { expect, it } from 'vitest'
import { at, choices, put, rowsOf, speaksOf, variantOf } from './parameters'

const tree = {
  late: { daily_rate: { value: '0.001', citation: 'a' }, cap: { value: { of: 'charged', share: '0.3' }, citation: 'b' } },
  prices: { tariffs: [{ value: { user_class: 'resident', price: '22' }, citation: 'c' }] },
}

it('changes one place and leaves all others as they were', () => {
  const next = put(tree, 'prices.tariffs.0.value.price', '23')
  expect(at(next, 'prices.tariffs.0.value.price')).toBe('23')
  expect(at(tree, 'prices.tariffs.0.value.price')).toBe('22')
  expect(at(next, 'late')).toBe(tree.late)
})

it('lists rows with their citations, lists one by one', () => {
  expect(rowsOf(tree, 'late').map((g) => [g.path, g.list])).toEqual([['late.daily_rate', false], ['late.cap', false]])
  expect(rowsOf(tree, 'prices')[0]?.rows[0]?.path).toBe('prices.tariffs.0')
  expect(rowsOf(tree, 'nothing')).toEqual([])
})

it('knows the words of a place, also where a name means several things', () => {
  expect(choices('areas.basis.0.value.basis')).toContain('usable')
  expect(choices('refunds.basis.value')).toEqual(['full', 'without_base'])
  expect(choices('late.daily_rate.value')).toBeUndefined()
  expect(variantOf({ of: 'never' })).toBe('of')
  expect(variantOf({ from: { anchor: 'start' } as never })).toBeUndefined()
})

it('a finding belongs to its own row', () => {
  expect(speaksOf('prices.tariffs.1', 'prices.tariffs.1')).toBe(true)
  expect(speaksOf('prices.tariffs.10', 'prices.tariffs.1')).toBe(false)
})
