// @vitest-environment node
import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import { backoff, heads, tally, type Item, type NewItem, type Outcome, type Photo } from './model'
import { Sender, type Transport } from './sender'
import { QueueStore } from './store'

const LI = { id: 'li', name: 'Li' }
const WANG = { id: 'wang', name: 'Wang' }
const HASH = 'ab'.repeat(32)

let name = 0
let keys = 0
let store: QueueStore
let server: FakeServer
let sender: Sender
let clock: number
let person: string | null
let confirmed: string[]

/** Answers as told; by default it agrees with everything. */
class FakeServer implements Transport {
  seen: string[] = []
  uploads: string[] = []
  answers = new Map<string, Outcome<unknown>>()
  hashes: string[] = []

  upload(photo: Photo): Promise<Outcome<{ id: string; sha256: string }>> {
    this.uploads.push(photo.upload_key)
    const sha256 = this.hashes.shift() ?? photo.sha256
    return Promise.resolve({ kind: 'ok', value: { id: `file-${photo.id}`, sha256 } })
  }

  act(item: Item): Promise<Outcome<unknown>> {
    this.seen.push(item.id)
    return Promise.resolve(this.answers.get(item.id) ?? { kind: 'ok', value: {} })
  }
}

function entry(id: string, order = 'o1', owner = LI): NewItem {
  return {
    id,
    owner,
    order: { id: order, no: order.toUpperCase(), address: '' },
    kind: 'accept',
    body: {},
    made_at: '2026-11-22T05:00:00Z',
  }
}

function picture(id: string): NewItem {
  const blob = new Blob(['jpeg'], { type: 'image/jpeg' })
  const photo = { id: `p-${id}`, sha256: HASH, size: 4, name: 'p.jpg', purpose: 'photo', blob }
  return { ...entry(id), kind: 'evidence', photo: photo as NewItem['photo'] }
}

async function add(...entries: NewItem[]) {
  for (const e of entries) await store.add(e, `key-${e.id}`)
}

const ids = async () => (await store.all()).map((i) => i.id)
const refusal = { status: 422, code: 'orders.not_yours', zh: '', en: 'taken away' }

beforeEach(async () => {
  store = await QueueStore.open(`queue-${(name += 1)}`)
  server = new FakeServer()
  clock = 1_000_000
  person = LI.id
  confirmed = []
  sender = new Sender(store, server, {
    person: () => person,
    now: () => clock,
    chance: () => 0.5,
    newKey: () => `new-${(keys += 1)}`,
    confirmed: (item) => confirmed.push(item.id),
  })
})

/** accepts MO-08 */
describe('the queue sends', () => {
  it('in the order in which things were done', async () => {
    await add(entry('a'), entry('b'), entry('c', 'o2'), entry('d'))
    expect(await sender.pass()).toBe('rested')
    expect(server.seen).toEqual(['a', 'b', 'c', 'd'])
    expect(confirmed).toEqual(['a', 'b', 'c', 'd'])
    expect(await ids()).toEqual([])
  })

  it('the same doing once, however often it was put in', async () => {
    await add(entry('a'), entry('a'))
    await sender.pass()
    expect(server.seen).toEqual(['a'])
  })

  it('nothing of a line past what is stuck, while other orders go on', async () => {
    server.answers.set('a', { kind: 'retry', trouble: 'server' })
    await add(entry('a'), entry('b'), entry('c', 'o2'))
    await sender.pass()
    expect(server.seen).toEqual(['a', 'c'])
    expect(await ids()).toEqual(['a', 'b'])
  })

  it('after a reload with the same database, as if nothing had happened', async () => {
    server.answers.set('a', { kind: 'retry', trouble: 'network' })
    await add(entry('a'), picture('b'))
    await sender.pass()
    store.close()
    store = await QueueStore.open(`queue-${name}`)
    expect(await ids()).toEqual(['a', 'b'])
    expect(await (await store.photo('p-b'))?.text()).toBe('jpeg')
  })
})

describe('without the network the queue', () => {
  it('keeps all, stops, and tries again after its waiting time', async () => {
    server.answers.set('a', { kind: 'retry', trouble: 'network' })
    await add(entry('a'), entry('c', 'o2'))
    expect(await sender.pass()).toBe('cut_off')
    expect(server.seen).toEqual(['a'])
    expect(await sender.rest()).toBe(0)
    server.answers.clear()
    await sender.pass()
    expect(await ids()).toEqual(['a'])
    expect(await sender.rest()).toBe(1_000)
    clock += 1_000
    await sender.pass()
    expect(await ids()).toEqual([])
  })

  it('waits as long as a busy server asks', async () => {
    server.answers.set('a', { kind: 'retry', trouble: 'server', after_ms: 30_000 })
    await add(entry('a'))
    await sender.pass()
    expect(await sender.rest()).toBe(30_000)
  })

  it('doubles its waiting time up to a minute', () => {
    expect([1, 2, 3, 7, 50].map((n) => backoff(n, 0.5))).toEqual([1e3, 2e3, 4e3, 6e4, 6e4])
    expect(backoff(1, 0)).toBe(800)
    expect(backoff(1, 1)).toBe(1_200)
  })
})

describe('a refused item', () => {
  it('stays with its reason, holds its line back, and is not sent again', async () => {
    server.answers.set('a', { kind: 'refused', refusal })
    await add(entry('a'), entry('b'), entry('c', 'o2'))
    await sender.pass()
    await sender.pass()
    expect(server.seen).toEqual(['a', 'c'])
    expect((await store.all())[0]?.refusal).toEqual(refusal)
    expect(await sender.rest()).toBeNull()
    expect(tally(await store.all(), LI.id)).toEqual({ waiting: 1, refused: 1, others: [] })
  })

  it('lets those behind it go once a person has given it up', async () => {
    server.answers.set('a', { kind: 'refused', refusal })
    await add(entry('a'), entry('b'))
    await sender.pass()
    await store.remove((await store.all())[0]!.seq)
    await sender.pass()
    expect(server.seen).toEqual(['a', 'b'])
    expect(await ids()).toEqual([])
  })

  it('that clashed with another writer is tried five times before it counts as refused', async () => {
    server.answers.set('a', { kind: 'refused', refusal: { ...refusal, status: 409 } })
    await add(entry('a'))
    for (let i = 0; i < 5; i += 1) {
      await sender.pass()
      expect((await store.all())[0]?.refusal).toBeUndefined()
      clock += 120_000
    }
    await sender.pass()
    expect((await store.all())[0]?.refusal?.status).toBe(409)
  })
})

describe('a second person on the same phone', () => {
  it('neither sends nor loses nor blocks what the first one did', async () => {
    await add(entry('a'), picture('b'))
    person = WANG.id
    await add(entry('x', 'o1', WANG))
    await sender.pass()
    expect(server.seen).toEqual(['x'])
    expect(await ids()).toEqual(['a', 'b'])
    expect(tally(await store.all(), WANG.id)).toEqual({
      waiting: 0,
      refused: 0,
      others: [{ name: 'Li', n: 2 }],
    })
    person = LI.id
    await sender.pass()
    expect(server.seen).toEqual(['x', 'a', 'b'])
    expect(await ids()).toEqual([])
  })

  it('stops the pass the moment the session changes', async () => {
    await add(entry('a'), entry('b'))
    const act = server.act.bind(server)
    server.act = (item) => {
      person = WANG.id
      return act(item)
    }
    await sender.pass()
    expect(server.seen).toEqual(['a'])
    expect(await ids()).toEqual(['b'])
  })

  it('nothing leaves while nobody is signed in, and nothing counts as refused', async () => {
    await add(entry('a'))
    server.answers.set('a', { kind: 'signed_out' })
    expect(await sender.pass()).toBe('signed_out')
    person = null
    expect(await sender.pass()).toBe('signed_out')
    expect(await ids()).toEqual(['a'])
    expect((await store.all())[0]?.refusal).toBeUndefined()
  })
})

/** accepts MO-05 */
describe('a picture', () => {
  it('is deleted only after the server has named its hash and taken the proof', async () => {
    await add(picture('b'))
    const during: (string | undefined)[] = []
    server.act = async (item) => {
      during.push(item.photo?.file_id, await (await store.photo('p-b'))?.text())
      return { kind: 'ok', value: {} }
    }
    await sender.pass()
    expect(during).toEqual(['file-p-b', 'jpeg'])
    expect(await store.photo('p-b')).toBeUndefined()
  })

  it('of which the server stored other bytes is kept and sent again under a new key', async () => {
    server.hashes = ['cd'.repeat(32), HASH.toUpperCase()]
    await add(picture('b'))
    await sender.pass()
    expect(server.seen).toEqual([])
    expect((await store.all())[0]).toMatchObject({ trouble: 'hash', attempts: 1 })
    expect(await store.photo('p-b')).toBeDefined()
    clock += 2_000
    await sender.pass()
    expect(new Set(server.uploads).size).toBe(2)
    expect(server.seen).toEqual(['b'])
    expect(await ids()).toEqual([])
  })

  it('that arrived is not uploaded again when only its proof failed', async () => {
    server.answers.set('b', { kind: 'retry', trouble: 'server' })
    await add(picture('b'))
    await sender.pass()
    server.answers.clear()
    clock += 2_000
    await sender.pass()
    expect(server.uploads).toHaveLength(1)
    expect(server.seen).toEqual(['b', 'b'])
    expect(await ids()).toEqual([])
  })

  it('that the phone lost is said to be lost', async () => {
    await add({ ...picture('b'), photo: undefined })
    const [item] = await store.all()
    const facts: Photo = { id: 'p-b', sha256: HASH, size: 4, name: 'p.jpg', purpose: 'photo', upload_key: 'k' }
    await store.update(item!.seq, { photo: facts })
    await sender.pass()
    expect((await store.all())[0]?.refusal?.code).toBe('device.photo_lost')
  })
})

it('heads are the oldest of each line of one person', () => {
  const item = (seq: number, order: string, owner = LI) =>
    ({ ...entry(String(seq), order, owner), seq, attempts: 0, not_before: 0 }) as Item
  const all = [item(4, 'o2'), item(2, 'o1'), item(3, 'o1'), item(1, 'o1', WANG)]
  expect(heads(all, LI.id).map((i) => i.seq)).toEqual([2, 4])
})
