import { describe, expect, it } from 'vitest'
import { day, dayTime, degrees, distance, fromShanghai, hourMinute, money, percent, shortTime, stopwatch } from './formats'

describe('money', () => {
  it('always shows fen and thousands', () => {
    expect(money(0)).toBe('¥0.00')
    expect(money(5)).toBe('¥0.05')
    expect(money(123_450)).toBe('¥1,234.50')
    expect(money(100_000_000_00)).toBe('¥100,000,000.00')
    expect(money(-1_050)).toBe('-¥10.50')
  })
})

describe('times are Shanghai\'s, whatever the machine\'s zone is', () => {
  const late = '2026-11-21T16:30:05Z'

  it('turns the day at Shanghai\'s midnight', () => {
    expect(day(late)).toBe('2026-11-22')
    expect(day('2026-11-21T15:59:59Z')).toBe('2026-11-21')
    expect(hourMinute(late)).toBe('00:30')
    expect(dayTime(late)).toBe('2026-11-22 00:30:05')
  })

  it('says no more than is needed', () => {
    expect(shortTime(late, '2026-11-22T10:00:00Z')).toBe('00:30')
    expect(shortTime(late, '2026-11-23T10:00:00Z')).toBe('11-22 00:30')
    expect(shortTime(late, '2027-01-02T10:00:00Z')).toBe('2026-11-22 00:30')
  })

  it('reads a wall-clock time as Shanghai\'s', () => {
    expect(fromShanghai('2026-11-22', '08:00')).toBe('2026-11-22T00:00:00.000Z')
  })
})

it('counts a talk as a stopwatch does, and never below zero', () => {
  expect(stopwatch(7.9)).toBe('0:07')
  expect(stopwatch(187)).toBe('3:07')
  expect(stopwatch(3765)).toBe('1:02:45')
  expect(stopwatch(-3)).toBe('0:00')
})

it('shows degrees, rates and ways as people say them', () => {
  expect(degrees(215)).toBe('21.5')
  expect(percent(0.874)).toBe('87%')
  expect(percent(null)).toBe('–')
  expect(distance(340.4)).toBe('340 m')
  expect(distance(1_240)).toBe('1.2 km')
})
