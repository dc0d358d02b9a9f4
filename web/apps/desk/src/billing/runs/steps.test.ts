import { expect, it } from 'vitest'
import { part, running } from './steps'

it('tells how far a run is in the phase in which it is', () => {
  const run = { households: 400, looked: 400, done: 100 }
  expect(part({ ...run, looked: 100, state: 'reckoning' })).toBe(25)
  expect(part({ ...run, state: 'posting' })).toBe(25)
  expect(part({ households: 0, looked: 0, done: 0, state: 'ready' })).toBe(0)
  expect(running('ready')).toBe(false)
})
