import { expect, it } from 'vitest'
import { timeLeft } from './timeLeft'

const MINUTE = 60_000
const at = (minute: number, limit = 100) => timeLeft(minute * MINUTE, 0, limit * MINUTE)

/** accepts WO-22 */
it('is calm until a quarter is left, then at risk, then late', () => {
  expect(at(0).pressure).toBe('calm')
  expect(at(74).pressure).toBe('calm')
  expect(at(75).pressure).toBe('risk')
  expect(at(99).pressure).toBe('risk')
  expect(at(100).pressure).toBe('late')
})

it('says minutes up to an hour and a half, then hours, then days', () => {
  expect(at(58)).toMatchObject({ word: 'minutes_left', n: 42 })
  expect(at(0, 120)).toMatchObject({ word: 'hours_left', n: 2 })
  expect(at(0, 60 * 72)).toMatchObject({ word: 'days_left', n: 3 })
  expect(at(280)).toMatchObject({ word: 'hours_over', n: 3 })
  expect(at(115)).toMatchObject({ word: 'minutes_over', n: 15 })
  expect(at(99.5)).toMatchObject({ word: 'soon' })
  expect(at(100.5)).toMatchObject({ word: 'just_over' })
})

it('fills the bar before the limit began, and survives a limit without length', () => {
  expect(timeLeft(-5 * MINUTE, 0, 10 * MINUTE).left).toBe(1)
  expect(timeLeft(9, 10, 10).left).toBe(1)
  expect(timeLeft(20, 10, 10)).toMatchObject({ pressure: 'late', left: 0 })
})
