// @vitest-environment node
import { expect, it } from 'vitest'
import { extend, line, standing, trend, type Sample } from './history'

const MIN = 60_000

it('one value a minute is kept, for four hours', () => {
  let samples: Sample[] = []
  for (let s = 0; s <= 600; s += 5) samples = extend(samples, s, 1e9 + s * 1000)
  expect(samples.length).toBeLessThan(14)
  expect(samples.at(-1)!.value).toBe(600)
  expect(extend(samples, null, 1e9 + 600_000)).toEqual(samples)
  expect(extend(samples, 1, 1e9 + 5 * 60 * MIN)).toHaveLength(1)
})

it('a trend is against an hour ago, and small changes are none', () => {
  const at = (min: number, value: number) => ({ at: 1e9 + min * MIN, value })
  const now = 1e9 + 70 * MIN
  expect(trend([at(0, 1), at(20, 50), at(70, 60)], now)).toBe('up')
  expect(trend([at(0, 90), at(20, 50), at(70, 40)], now)).toBe('down')
  expect(trend([at(20, 50), at(70, 50.5)], now)).toBe('flat')
  expect(trend([], now)).toBe('flat')
})

it('a line runs over the whole width, flat values through the middle', () => {
  expect(line([0, 10], 100, 40)).toBe('M0.0 40.0L100.0 0.0')
  expect(line([5, 5, 5], 100, 40)).toBe('M0.0 20.0L50.0 20.0L100.0 20.0')
  expect(line([1], 100, 40)).toBe('')
})

it('what stood open is reckoned back from now', () => {
  expect(standing(10, [{ opened: 5, closed: 1 }, { opened: 2, closed: 4 }])).toEqual([8, 12, 10])
})
