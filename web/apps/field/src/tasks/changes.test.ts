// @vitest-environment node
import { expect, it } from 'vitest'
import { changes } from './changes'
import type { Task } from './model'

const task = (id: string, state = 'dispatched', chases = 0) => ({ id, state, chases }) as Task
const ids = (tasks: Task[]) => tasks.map((t) => t.id)

/** accepts MO-01 */
it('a new order rings, one that was chased too, and one that went away is named', () => {
  const found = changes([task('a'), task('b'), task('c')], [task('a'), task('b', 'dispatched', 1), task('d')])
  expect(ids(found.arrived)).toEqual(['d'])
  expect(ids(found.chased)).toEqual(['b'])
  expect(ids(found.gone)).toEqual(['c'])
})

it('an order that comes back to the same person rings again, one that moves on does not', () => {
  expect(ids(changes([task('a', 'accepted')], [task('a')]).arrived)).toEqual(['a'])
  expect(ids(changes([task('a')], [task('a', 'accepted')]).arrived)).toEqual([])
})
