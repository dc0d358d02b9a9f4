import { describe, expect, it } from 'vitest'
import { cashDue, fenOf, numbersOf, yuanOf } from './till'

describe('amounts at the till', () => {
  it('reads what a cashier types, and nothing else', () => {
    expect(['12', '12.3', '12.34', '1,200', '¥0.05', '0'].map(fenOf)).toEqual([1200, 1230, 1234, 120000, 5, 0])
    expect(['', '-1', '1.234', 'abc', '1e5', '999999999'].map(fenOf)).toEqual([null, null, null, null, null, null])
    expect([1234, 5, 0, -120].map(yuanOf)).toEqual(['12.34', '0.05', '0.00', '-1.20'])
  })
  it('rounds cash as the pack says', () => {
    const rule = (mode: 'half_up' | 'half_even' | 'up' | 'down') => ({ mode, to: 'jiao' }) as const
    expect(cashDue(12344, rule('half_up'))).toBe(12340)
    expect(cashDue(12345, rule('half_up'))).toBe(12350)
    expect(cashDue(12345, rule('half_even'))).toBe(12340)
    expect(cashDue(12349, rule('down'))).toBe(12340)
    expect(cashDue(12341, rule('up'))).toBe(12350)
    expect(cashDue(7, { mode: 'half_up', to: 'fen' })).toBe(7)
  })
  it('finds account numbers in a pasted list', () => {
    expect(numbersOf('1001\n1002,1003；1001\t 1004')).toEqual(['1001', '1002', '1003', '1004'])
  })
})
