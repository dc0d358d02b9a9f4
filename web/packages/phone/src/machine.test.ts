import { describe, expect, it } from 'vitest'
import type { Call } from '@hearthline/api'
import { socketUrl } from './line'
import { type PhoneEvent, type PhoneState, step } from './machine'
import { answersItself, retryAfter } from './ports'

const walk = (from: PhoneState, ...events: PhoneEvent[]) => events.reduce(step, from)

/** accepts AC-01 */
describe('the telephone', () => {
  it('goes from off over ringing to a talk and back to ready', () => {
    expect(walk('off', 'start', 'registered')).toBe('ready')
    expect(walk('ready', 'invited')).toBe('ringing')
    expect(walk('ringing', 'answer', 'confirmed')).toBe('talking')
    expect(walk('talking', 'ended')).toBe('ready')
  })

  it('stops ringing when the caller goes before or while it is answered', () => {
    expect(walk('ringing', 'ended')).toBe('ready')
    expect(walk('answering', 'ended')).toBe('ready')
  })

  it('keeps the talk when only the registration is lost', () => {
    expect(walk('talking', 'unregistered')).toBe('talking')
    expect(walk('talking', 'registered')).toBe('talking')
  })

  it('does not ring while it has no line, and does not answer when nothing rings', () => {
    expect(walk('connecting', 'invited')).toBe('connecting')
    expect(walk('ready', 'answer')).toBe('ready')
  })

  it('comes back after a refusal, and is off when stopped in any state', () => {
    expect(walk('failed', 'start', 'registered')).toBe('ready')
    for (const state of ['ringing', 'talking', 'failed', 'elsewhere'] as const)
      expect(step(state, 'stop')).toBe('off')
  })
})

describe('an invitation', () => {
  const call = (direction: 'in' | 'out', state: Call['state']) => ({ direction, state }) as Call

  it('is answered by itself when the agent dialled, or the server kept a talk over a reload', () => {
    expect(answersItself(call('out', 'dialing'))).toBe(true)
    expect(answersItself(call('in', 'talking'))).toBe(true)
    expect(answersItself(call('in', 'held'))).toBe(true)
  })

  it('rings when a customer calls, and when nothing is known', () => {
    expect(answersItself(call('in', 'ringing'))).toBe(false)
    expect(answersItself(null)).toBe(false)
  })
})

it('tries again after a second, later at most each 15 s', () => {
  expect([0, 1, 2, 10].map(retryAfter)).toEqual([1_000, 2_000, 4_000, 15_000])
})

it('finds its socket on the server that gave the page, safely when the page is', () => {
  expect(socketUrl('/api/telephony/sip', { protocol: 'http:', host: 'a:1' })).toBe('ws://a:1/api/telephony/sip')
  expect(socketUrl('/api/telephony/sip', { protocol: 'https:', host: 'a' })).toBe('wss://a/api/telephony/sip')
  expect(socketUrl('wss://b/ws', { protocol: 'http:', host: 'a' })).toBe('wss://b/ws')
})
