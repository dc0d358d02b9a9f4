import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Invalidator, reconnectAfter, staleAfter } from './stream'

describe('an event', () => {
  it('makes stale what shows its domain, and nothing else', () => {
    expect(staleAfter('order.dispatched')).toEqual(expect.arrayContaining(['orders', 'dispatch', 'field', 'pop']))
    expect(staleAfter('order.dispatched')).not.toContain('telephony')
    expect(staleAfter('identity.staff_changed')).toEqual(['identity'])
    expect(staleAfter('field.evidence_added')).toContain('orders')
  })

  it('of a ring or a seat leaves orders alone; the end of a call and its recording do not', () => {
    expect(staleAfter('telephony.seat_changed')).not.toContain('orders')
    expect(staleAfter('telephony.offered')).not.toContain('orders')
    expect(staleAfter('telephony.recording_stored')).toContain('orders')
  })

  it('of a domain that we do not know makes nothing stale', () => {
    expect(staleAfter('weather.changed')).toEqual([])
    expect(staleAfter('')).toEqual([])
  })
})

describe('a storm of events', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is answered at once, then at most each half second, and the last one is not lost', async () => {
    const stale: string[] = []
    const invalidator = new Invalidator((root) => void stale.push(root))
    for (let i = 0; i < 50; i++) invalidator.note('identity.staff_changed')
    await vi.advanceTimersByTimeAsync(50)
    expect(stale).toEqual(['identity'])
    for (let i = 0; i < 9; i++) {
      invalidator.note('identity.staff_changed')
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(stale).toEqual(['identity'])
    await vi.advanceTimersByTimeAsync(500)
    expect(stale).toEqual(['identity', 'identity'])
  })
})

it('comes back soon, later each time, and never waits longer than ten seconds', () => {
  expect([0, 1, 2, 9].map(reconnectAfter)).toEqual([500, 1_000, 2_000, 10_000])
})
