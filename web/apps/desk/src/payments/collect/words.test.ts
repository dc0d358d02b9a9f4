import { expect, it } from 'vitest'
import { said } from './words'

const t = (key: string, named: Record<string, unknown> = {}) => [key, ...Object.values(named)].join(' ')

it('says the result with the day that matters, and nothing where nobody asked', () => {
  expect(said(t, { result: null, promised_on: null, next_on: null })).toBe('—')
  expect(said(t, { result: 'promised', promised_on: '2026-12-01', next_on: null })).toBe('collect.result.promised · 2026-12-01')
  expect(said(t, { result: 'absent', promised_on: null, next_on: '2026-12-02' })).toBe('collect.result.absent · collect.again 2026-12-02')
})
