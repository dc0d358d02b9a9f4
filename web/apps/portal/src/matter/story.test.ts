// @vitest-environment node
import { expect, it } from 'vitest'
import { isAwaited, story } from './story'

const steps = (...at: (string | null)[]) => at.map((when, i) => ({ key: `s${i}`, at: when }))

it('the last thing that happened is where the story stands', () => {
  expect(story(steps('1', '2', null), false).map((c) => c.state)).toEqual(['done', 'now', 'ahead'])
  expect(story(steps('1', null, '3', null), false).map((c) => c.state)).toEqual(['done', 'done', 'now', 'ahead'])
  expect(story(steps('1', '2'), true).map((c) => c.state)).toEqual(['done', 'done'])
  expect(story(steps(null), false).map((c) => c.state)).toEqual(['ahead'])
})

it('a repairer is awaited until he has arrived', () => {
  expect(isAwaited('en_route')).toBe(true)
  expect(isAwaited('on_site')).toBe(false)
})
