// @vitest-environment node
import type { WallQueue } from '@hearthline/api'
import { expect, it } from 'vitest'
import { byUrgency, fitting } from './queues'

const queue = (key: string, longest_wait_s: number, waiting: number) => ({ key, longest_wait_s, waiting }) as WallQueue

it('the queue whose first caller has waited longest stands on top', () => {
  const order = byUrgency([queue('quiet', 0, 0), queue('full', 10, 9), queue('long', 90, 1)])
  expect(order.map((q) => q.key)).toEqual(['long', 'full', 'quiet'])
})

it('as many queues are shown as fit without scrolling', () => {
  expect(fitting([true, true, true, true])).toBe(3)
  expect(fitting([true, false, false, false])).toBe(4)
  expect(fitting(Array<boolean>(9).fill(false))).toBe(6)
  expect(fitting([])).toBe(0)
})
