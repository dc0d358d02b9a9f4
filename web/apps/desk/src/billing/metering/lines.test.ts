import { expect, it } from 'vitest'
import { linesOf, units } from './lines'

it('reads what is pasted from a sheet, and says which lines it cannot', () => {
  const { lines, wrong } = linesOf('R-1\t2026-12-01\t105.5\n\nR-2, 2026/1/2, 7\nkaputt\nR-3 2026-12-01 -5\n')
  expect(lines).toEqual([
    { meter_number: 'R-1', read_on: '2026-12-01', value: '105.5' },
    { meter_number: 'R-2', read_on: '2026-01-02', value: '7' },
  ])
  expect(wrong).toEqual([4, 5])
})

it('shows thousandths without empty places', () => {
  expect([1_000, 105_500, 0, 100_000].map(units)).toEqual(['1', '105.5', '0', '100'])
})
