// @vitest-environment node
import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { DeviceStore } from './store'

let n = 0
const fresh = () => DeviceStore.open(`device-${(n += 1)}`)
const point = (at: string) => ({ lng: 113.3, lat: 40.08, accuracy_m: 8, at })

it('answers are read again by the person who got them, and by nobody after signing out', async () => {
  const store = await fresh()
  await store.keepAnswer('li', ['field', 'tasks'], { items: [1] })
  await store.keepAnswer('wang', ['field', 'tasks'], { items: [2] })
  const [mine, ...rest] = await store.answersOf('li')
  expect(mine).toMatchObject({ question: ['field', 'tasks'], value: { items: [1] } })
  expect(rest).toEqual([])
  await store.forgetAnswers()
  expect(await store.answersOf('li')).toEqual([])
})

it('a draft survives until it is dropped', async () => {
  const store = await fresh()
  expect(await store.draft('k')).toEqual({ cause: null, note: '' })
  await store.keepDraft('k', { cause: 'air', note: 'vented' })
  expect(await store.draft('k')).toEqual({ cause: 'air', note: 'vented' })
  await store.dropDraft('k')
  expect(await store.draft('k')).toEqual({ cause: null, note: '' })
})

it('positions leave oldest first, are forgotten once sent, and stay with their person', async () => {
  const store = await fresh()
  await store.addPoint('li', point('1'))
  await store.addPoint('wang', point('2'))
  await store.addPoint('li', point('3'))
  const { points, sent } = await store.pointsOf('li')
  expect(points.map((p) => p.at)).toEqual(['1', '3'])
  await store.addPoint('li', point('4'))
  await sent()
  expect((await store.pointsOf('li')).points.map((p) => p.at)).toEqual(['4'])
  expect((await store.pointsOf('wang')).points).toHaveLength(1)
})
