import { expect, it } from 'vitest'
import { fenOf } from './money'

it('reads yuan exactly or not at all', () => {
  expect(['1', '0.01', '-12.5', ' 1980.00 '].map(fenOf)).toEqual([1, 0.01, -12.5, 1980].map((y) => Math.round(y * 100)))
  for (const bad of ['', '0', '1.234', '1e3', '1,000', '--1', '9999999999']) expect(fenOf(bad)).toBeNull()
})
