import { expect, it } from 'vitest'
import { peaksToBars } from './components/waveform'
import { sparkline } from './components/sparkline'
import { bounds } from './map/places'
import { orderStep } from './status'

it('shows what presses before the state, and what is over calmly', () => {
  expect(orderStep('filed')).toBe('waiting')
  expect(orderStep('on_site')).toBe('moving')
  expect(orderStep('on_site', 'risk')).toBe('risk')
  expect(orderStep('filed', 'late')).toBe('late')
  expect(orderStep('closed', 'late')).toBe('done')
})

it('draws the loudest of each part of a recording, and no more bars than it has peaks', () => {
  expect(peaksToBars([0, 255, 0, 51], 2)).toEqual([1, 0.2])
  expect(peaksToBars([255], 100)).toEqual([1])
  expect(peaksToBars([], 100)).toEqual([])
})

it('draws a trend within its box, and none of a single value', () => {
  expect(sparkline([0, 10], 100, 20)).toBe('0.0,19.0 100.0,1.0')
  expect(sparkline([5], 100, 20)).toBe('')
  expect(sparkline([3, 3], 10, 10)).toBe('0.0,9.0 10.0,9.0')
})

it('frames all places', () => {
  expect(bounds([{ lng: 113, lat: 40 }, { lng: 114, lat: 39 }])).toEqual([[113, 39], [114, 40]])
  expect(bounds([])).toBeNull()
})
