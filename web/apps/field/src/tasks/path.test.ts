// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { Item } from '../queue/model'
import type { OrderState, TaskDetail } from './model'
import { current, isOver, path, stateHere, type Facts } from './path'

const ALL = ['photo_before', 'photo_after', 'temperature', 'signature', 'cause']
const AT = '2026-11-22T05:00:00Z'

function task(state: OrderState, more: Partial<TaskDetail> = {}): TaskDetail {
  return { state, evidence: [], temperatures: [], missing: ALL, accepted_at: AT, ...more } as TaskDetail
}

function item(kind: Item['kind'], more: Partial<Item> = {}): Item {
  return { kind, body: {}, made_at: AT, ...more } as Item
}

function facts(state: OrderState, more: Partial<Facts> = {}): Facts {
  return { task: task(state), items: [], draft: { cause: null, note: '' }, ...more }
}

const states = (f: Facts) => path(f).map((s) => s.state)
const refusal = { status: 422, code: 'x', zh: '', en: '' }

/** accepts MO-03 MO-04 */
describe('the path of a visit', () => {
  it('begins with accepting', () => {
    const steps = path(facts('dispatched'))
    expect(current(steps)).toBe('accept')
    expect(steps.slice(1).every((s) => s.state === 'ahead')).toBe(true)
  })

  it('asks for the first picture after arrival', () => {
    expect(current(path(facts('on_site')))).toBe('photo_before')
  })

  it('counts what waits on the phone as done here, and says that it waits', () => {
    const f = facts('dispatched', { items: [item('accept'), item('set_out')] })
    expect(states(f).slice(0, 3)).toEqual(['kept', 'kept', 'current'])
  })

  it('asks for the signature when all the rest is there, and then for the end', () => {
    const proofs = ['photo_before', 'photo_after'].map((kind) => ({ kind, taken_at: AT }))
    const t = task('on_site', {
      evidence: proofs as TaskDetail['evidence'],
      temperatures: [{ id: 't1', room: 'living', decidegrees: 205, taken_at: AT }],
    })
    const f = facts('on_site', { task: t, draft: { cause: 'air', note: '' } })
    expect(current(path(f))).toBe('signature')
    const signed = { ...f, items: [item('evidence', { body: { kind: 'signature' } })] }
    expect(current(path(signed))).toBe('finish')
  })

  it('stops at a refusal: nothing else is current until it is settled', () => {
    const f = facts('dispatched', { items: [item('accept', { refusal }), item('set_out')] })
    expect(states(f).slice(0, 3)).toEqual(['refused', 'kept', 'ahead'])
    expect(current(path(f))).toBeNull()
  })

  it('asks only for what this kind of order needs, and keeps what was given all the same', () => {
    const few = task('on_site', { missing: ['signature', 'cause'] })
    const keys = (f: Facts) => path(f).map((s) => s.key)
    expect(keys(facts('on_site', { task: few }))).toEqual(['accept', 'set_out', 'arrive', 'cause', 'signature', 'finish'])
    const given = facts('on_site', { task: few, items: [item('temperature')] })
    expect(keys(given)).toContain('temperature')
  })

  it('asks anew for what an earlier visit had shown when the order comes back', () => {
    const evidence = [{ kind: 'photo_before', taken_at: AT }] as TaskDetail['evidence']
    const f = facts('dispatched', { task: task('dispatched', { evidence }) })
    expect(path(f)[3]).toMatchObject({ key: 'photo_before', state: 'ahead' })
  })
})

describe('an order on this phone', () => {
  it('is where the last unrefused doing put it', () => {
    expect(stateHere('dispatched', [item('accept'), item('set_out')])).toBe('en_route')
    expect(stateHere('dispatched', [item('accept', { refusal })])).toBe('dispatched')
  })

  it('is over once it is finished or given back, sent or not', () => {
    expect(isOver('on_site', [])).toBe(false)
    expect(isOver('on_site', [item('finish')])).toBe(true)
    expect(isOver('accepted', [item('return')])).toBe(true)
    expect(isOver('revisit', [])).toBe(true)
  })
})
