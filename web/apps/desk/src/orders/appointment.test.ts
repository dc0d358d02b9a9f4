import { expect, it } from 'vitest'
import { daysFrom, openWindows, windowOf } from './appointment'

const noon = Date.parse('2026-11-22T12:30:00+08:00')

it('offers only windows that have not ended', () => {
  expect(openWindows('2026-11-22', noon)[0]).toBe('12:00')
  expect(openWindows('2026-11-23', noon)).toHaveLength(7)
  expect(openWindows('2026-11-22', Date.parse('2026-11-22T22:00:00+08:00'))).toEqual([])
})

it('counts days as Shanghai does', () => {
  expect(daysFrom(Date.parse('2026-11-30T17:00:00Z'), 2)).toEqual(['2026-12-01', '2026-12-02'])
})

it('is two hours long', () => {
  expect(windowOf('2026-11-22', '14:00')).toEqual({ from: '2026-11-22T06:00:00.000Z', to: '2026-11-22T08:00:00.000Z' })
})
