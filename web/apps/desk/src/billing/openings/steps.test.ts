import { expect, test } from 'vitest'
import { gathered, running } from './steps'

const sum = (org: string, user_class: string, amount_fen: number) => ({
  org_path: org, org_name: org, user_class, households: 1, amount_fen, before_fen: 1,
})

test('sums are gathered by what they are asked for and lose nothing', () => {
  const sums = [sum('东站', 'resident', 5), sum('东站', 'shop', 7), sum('西站', 'shop', 1)]
  const by = gathered(sums, (s) => s.org_name)
  expect(by.map((b) => [b.name, b.households, b.amount])).toEqual([['东站', 2, 12], ['西站', 1, 1]])
  expect(gathered(sums, (s) => s.user_class).reduce((n, b) => n + b.amount, 0)).toBe(13)
})

test('only reckoning and posting are at work', () => {
  expect((['reckoning', 'ready', 'posting', 'posted', 'withdrawn'] as const).filter(running)).toEqual(['reckoning', 'posting'])
})
