import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RETRY_AFTER_MS, get, newAction, onSignedOut, post, withQuery } from './http'
import { Offline, Problem } from './problem'

type Sent = { url: string; key: string | null }
const sent: Sent[] = []
let answers: (Response | Error)[] = []

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

beforeEach(() => {
  vi.useFakeTimers()
  sent.length = 0
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push({ url, key: new Headers(init.headers).get('Idempotency-Key') })
    const next = answers.shift()
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next)
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Settles a request while time runs on. */
async function settle<T>(request: Promise<T>): Promise<T | unknown> {
  const settled = request.catch((e: unknown) => e)
  await vi.runAllTimersAsync()
  return settled
}

/** accepts XB-01 */
describe('a change', () => {
  it('is sent again with the same id when the network fails, so that it happens once', async () => {
    answers = [new TypeError('network'), new TypeError('network'), json({ no: 'GD1' })]
    expect(await settle(post('/api/orders', {}))).toEqual({ no: 'GD1' })
    expect(sent).toHaveLength(3)
    expect(new Set(sent.map((s) => s.key)).size).toBe(1)
    expect(sent[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })

  it('keeps its id when the person presses again after the network stayed away', async () => {
    const action = newAction()
    answers = Array.from({ length: RETRY_AFTER_MS.length + 1 }, () => new TypeError('network'))
    expect(await settle(post('/api/orders', {}, action))).toBeInstanceOf(Offline)
    answers = [json({})]
    await settle(post('/api/orders', {}, action))
    expect(new Set(sent.map((s) => s.key))).toEqual(new Set([action.id]))
  })

  it('is another one when it is done again on purpose', async () => {
    answers = [json({}), json({})]
    await settle(post('/api/orders', {}))
    await settle(post('/api/orders', {}))
    expect(sent[0]?.key).not.toBe(sent[1]?.key)
  })

  it('waits out a gateway without a server behind it', async () => {
    answers = [new Response('', { status: 502 }), json({ ok: true })]
    expect(await settle(post('/api/orders', {}))).toEqual({ ok: true })
  })
})

describe('a refusal', () => {
  it('is told in both languages and not asked again', async () => {
    answers = [json({ code: 'order.no_such_step', title: '不能派单', title_en: 'Not now', faults: [{ field: 'x', zh: '错', en: 'bad' }] }, 422)]
    const problem = (await settle(post('/api/orders', {}))) as Problem
    expect(sent).toHaveLength(1)
    expect([problem.code, problem.words('zh-CN'), problem.words('en')]).toEqual(['order.no_such_step', '不能派单', 'Not now'])
    expect(problem.fault('x', 'en')).toBe('bad')
  })

  it('is honest about an answer that is none of ours', async () => {
    answers = [new Response('<html>', { status: 500 })]
    expect(((await settle(get('/api/orders'))) as Problem).code).toBe('http_500')
  })

  it('for want of a session ends the session here', async () => {
    const ended = vi.fn()
    onSignedOut(ended)
    answers = [json({ code: 'unauthenticated', title: '请先登录', title_en: 'Please sign in' }, 401)]
    await settle(get('/api/orders'))
    expect(ended).toHaveBeenCalledOnce()
  })
})

it('reads without an id, and leaves empty conditions out', async () => {
  answers = [json({})]
  await settle(get('/api/orders', { state: '', q: '阳光 3', after: undefined, open: 1 }))
  expect(sent[0]).toEqual({ url: '/api/orders?q=%E9%98%B3%E5%85%89+3&open=1', key: null })
  expect(withQuery('/a')).toBe('/a')
})
