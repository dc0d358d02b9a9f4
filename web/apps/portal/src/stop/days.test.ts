import { expect, it } from 'vitest'
import { after, between, chapters, firstDay } from './days'
import { fit } from './picture'

/** accepts BI-31 */
it('offers the first day that the rules leave time for', () => {
  expect(firstDay('2026-09-01', { first: '2026-11-15' })).toBe('2026-11-15')
  expect(firstDay('2026-12-25', { first: '2026-11-15' })).toBe('2027-01-04')
  expect(after('2027-02-28', 1)).toBe('2027-03-01')
  expect(between('2026-12-25', '2027-01-04')).toBe(10)
})

it('tells a stop step by step as things happen, not before', () => {
  const stop = { made_at: '2026-11-22T01:00:00Z', order_no: null, valve_on: null, effective_on: null }
  expect(chapters(stop).map((c) => c.done)).toEqual([true, false, false, false])
  expect(chapters({ ...stop, order_no: 'GD1', valve_on: '2026-12-05' }).map((c) => c.done)).toEqual([true, true, true, false])
})

it('never makes a photograph larger', () => {
  expect(fit(4000, 3000)).toEqual([1600, 1200])
  expect(fit(20, 10)).toEqual([20, 10])
})
