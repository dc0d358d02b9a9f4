// @vitest-environment node
import { expect, it } from 'vitest'
import { metres, worthKeeping } from './track'

const START = Date.parse('2026-11-22T05:00:00Z')
const at = (s: number, lat = 40.08, accuracy_m = 10) => ({
  lng: 113.3, lat, accuracy_m, at: new Date(START + s * 1000).toISOString(),
})

it('a thousandth of a degree of latitude is some 111 metres', () => {
  expect(metres(at(0), at(0, 40.081))).toBeCloseTo(111, 0)
})

it('a track keeps movement, a sign of life when still, and neither jitter nor haste', () => {
  expect(worthKeeping(null, at(0))).toBe(true)
  expect(worthKeeping(at(0), at(20, 40.081))).toBe(true)
  expect(worthKeeping(at(0), at(5, 40.081))).toBe(false)
  expect(worthKeeping(at(0), at(20, 40.0801))).toBe(false)
  expect(worthKeeping(at(0), at(20, 40.081, 300))).toBe(false)
  expect(worthKeeping(null, at(0, 40.08, 900))).toBe(false)
  expect(worthKeeping(at(0), at(120))).toBe(true)
})
