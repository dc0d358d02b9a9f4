// @vitest-environment node
import { expect, it } from 'vitest'
import { freshness, waitTone } from './freshness'

it('data older than a quarter of a minute ages, older than three quarters is stale', () => {
  expect([0, 14_999, 15_000, 44_999, 45_000].map(freshness)).toEqual(['fresh', 'fresh', 'aging', 'aging', 'stale'])
})

it('a wait is at risk after a minute and late after two', () => {
  expect([0, 59, 60, 119, 120].map(waitTone)).toEqual(['calm', 'calm', 'risk', 'risk', 'late'])
})
