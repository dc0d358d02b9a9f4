import { expect, test } from '@playwright/test'
import { Api } from '../harness/api'
import { House } from '../harness/house'
import { by, plays } from '../harness/people'
import { AGENT_HZ, CALLER_HZ, Story } from '../harness/story'
import { RATE, secondsOf } from '../harness/sound'
import { soon, until } from '../harness/until'

/** The numbers of the day that the story moves. */
interface Today {
  calls: { arrived: number; answered: number; abandoned: number }
  orders: { opened: number; closed: number; open_by_state: Record<string, number> }
  satisfaction: { satisfied: number; fair: number; unsatisfied: number }
}

test.describe.configure({ mode: 'serial' })

let house: House
let story: Story
let morning: Today

test.beforeAll(async () => {
  test.setTimeout(180_000)
  house = await House.start({ seed: 1 })
  story = await Story.begin(house)
  morning = await story.api.get<Today>('/insight/today')
})

test.afterEach(async ({}, info) => {
  await story?.remember(info)
})

test.afterAll(async () => {
  test.setTimeout(90_000)
  await story?.end()
  await house?.stop()
})

/** accepts CH-01 IV-01 AC-01: a call from the trunk is greeted, offered a menu, and queues by its key */
test('1 a caller is greeted, presses one, and queues', async () => {
  await story.dial()
  await story.choose()
  expect(story.call.heard.length).toBeGreaterThan(8_000)
})

/** accepts PB-05 PB-08 PB-10 PB-11 AD-01 AC-02: the screen pops while it rings, with who and where */
test('2 the screen pops while the agent is rung', async () => {
  await story.rings()
  const page = story.agent.page
  await expect(by(page, 'pop')).toHaveAttribute('data-match', 'one')
  await expect(by(page, 'pop-heat')).toBeVisible()
  await expect(by(page, 'pop-valve')).toBeVisible()
  await expect(by(page, 'pop-arrears')).toBeVisible()
  await expect(by(page, 'neighbours')).toBeVisible()
  await expect(by(page, 'station')).toBeVisible()
  expect(await story.column('state')).toBe('ringing')
  expect(await story.column('answered_at')).toBe('')
})

/** accepts AC-04 AC-10 RC-01: the agent answers and both hear each other */
test('3 the agent answers and both hear each other', async () => {
  await story.answer()
  expect(await story.column('state')).toBe('talking')
})

/** accepts WO-01 WO-13 WO-16 R-01: the repair is filed from the pop with its limits shown before */
test('4 the repair is filed from the pop, the talk is recorded to its end', async () => {
  await story.file()
  await story.endCall()
})

/** accepts DP-01 DP-02 DP-03 MO-01: the best repairer is proposed with reasons; his phone shows the order at once */
test('5 one click gives the order to the best repairer, whose phone shows it', async () => {
  expect(await story.dispatch()).toBeLessThan(soon())
})

/** accepts MO-03 MO-04 MO-05 MO-06 MO-07 MO-08 GI-01: the visit, step by step, with its proofs */
test('6 the repairer goes there, proves the work and finishes', async () => {
  await story.accept()
  await story.setOut()
  await story.arrive()
  await story.photoBefore()
  await story.cause()
  await story.photoAfter()
  await story.soundAndFilm()
  await story.temperature()
  await story.signature()
  await story.finish()
  await story.pass()
})

/** accepts PL-01 ST-05: the customer is told by message who comes, and sees it behind a signed link */
test('6b the customer’s message leads to a page with the repairer’s name', async () => {
  const page = await story.otherBrowser.newPage({ viewport: { width: 390, height: 844 } })
  await page.goto(await story.linkTo('repairer_for_customer'))
  await expect(by(page, 'matter-page')).toHaveAttribute('data-state', /finished|revisit/)
  await expect(by(page, 'story').locator('[data-state="done"]').first()).toBeVisible()
  await page.close()
  const told = await house.value(`select body from channels.message where matter_id = '${story.matterId}' and template = 'repairer_for_customer'`)
  expect(told).toContain(story.worker.name)
})

/** accepts RV-01 RV-06 WO-40 WO-41: click to call, not satisfied, and somebody goes again under the same order */
test('7 the customer is called back, is not satisfied, and the loop runs again until the order closes', async () => {
  await story.revisitCall()
  await story.record('unsatisfied', '卧室还是不热')
  await story.endRevisitCall()
  await story.dispatch()
  const page = await story.otherBrowser.newPage({ viewport: { width: 390, height: 844 } })
  await page.goto(await story.linkTo('repairer_for_customer'))
  await expect(by(page, 'repairer-name')).toHaveText(story.worker.name)
  await page.close()
  await story.accept()
  await story.setOut()
  await story.arrive()
  await story.photoBefore()
  await story.cause()
  await story.photoAfter()
  await story.temperature()
  await story.signature()
  await story.finish()
  await story.pass()
  await story.revisitCall()
  await story.record('satisfied')
  await story.endRevisitCall()
})

/** accepts WO-31 RC-04 ST-06 XB-01: one timeline tells the whole chain, its recordings play in the page */
test('8 the order’s page tells the whole chain and plays its recordings', async () => {
  const manager = await story.visitor('manager01')
  await manager.open(`/orders/${story.orderId}`)
  const page = manager.page
  await expect(by(page, 'order')).toHaveAttribute('data-state', 'closed')
  const all = by(page, 'timeline-all')
  if (await all.isVisible()) await all.check()
  const times = {
    'telephony.call_arrived': 3, 'order.filed': 1, 'order.dispatched': 2, 'order.accepted': 2,
    'order.set_out': 2, 'order.arrived': 2, 'order.finished': 2, 'order.reopened': 1, 'order.closed': 1,
    'telephony.recording_stored': 3,
  }
  await expect(by(page, 'moment').first()).toBeVisible()
  const kinds = await by(page, 'moment').evaluateAll((all) => all.map((e) => e.getAttribute('data-kind')))
  const told = Object.fromEntries(Object.keys(times).map((kind) => [kind, kinds.filter((k) => k === kind).length]))
  expect(told, `all kinds: ${kinds.join(' ')}`).toEqual(times)
  await expect(by(page, 'picture')).toHaveCount(6)
  const recordings = by(page, 'recording')
  await expect(recordings).toHaveCount(3)
  await by(recordings.first(), 'play').click()
  await expect(recordings.first()).toHaveAttribute('data-playing', 'true')
  await expect.poll(() => recordings.first().locator('audio').evaluate((a: HTMLAudioElement) => a.currentTime)).toBeGreaterThan(0.5)
  await plays(by(page, 'evidence-audio').locator('audio'), 2)
  await plays(by(page, 'evidence-video').locator('video'), 2)
  expect(manager.said).toEqual([])
  await manager.leave()
})

/** accepts GI-02 ST-08 PL-02: the station's head sees backlog and map; the manager's numbers are what happened */
test('9 backlog, map and the day’s numbers agree with what happened', async () => {
  const head = await story.visitor(await story.headOfStation())
  await head.open('/backlog')
  await expect(by(head.page, 'backlog-row').first()).toBeVisible()
  await expect(head.page.locator('canvas').first()).toBeVisible()
  await head.leave()

  const now = await story.api.get<Today>('/insight/today')
  expect(now.calls.arrived - morning.calls.arrived).toBe(1)
  expect(now.calls.answered - morning.calls.answered).toBe(1)
  expect(now.calls.abandoned - morning.calls.abandoned).toBe(0)
  expect(now.orders.opened - morning.orders.opened).toBe(1)
  expect(now.orders.closed - morning.orders.closed).toBe(1)
  expect(now.satisfaction.satisfied - morning.satisfaction.satisfied).toBe(1)
  expect(now.satisfaction.unsatisfied - morning.satisfaction.unsatisfied).toBe(1)
  const manager = await story.visitor('manager01')
  await manager.open('/today')
  await expect(by(manager.page, 'tile-arrived')).toContainText(String(now.calls.arrived))
  await expect(by(manager.page, 'tile-answered')).toContainText(String(now.calls.answered))
  await expect(by(manager.page, 'tile-opened')).toContainText(String(now.orders.opened))
  await manager.leave()
})

/** accepts AC-10: nobody is stuck, nothing was written twice, no page complained */
test('10 afterwards everybody is free and nothing is there twice', async () => {
  await story.agent.isIdle()
  expect(await house.value(`select count(*) from telephony.call where state <> 'ended'`)).toBe('0')
  expect(await house.value(`select count(*) from orders.work_order where matter_id = '${story.matterId}'`)).toBe('1')
  expect(await house.value(`select count(*) from telephony.call where matter_id = '${story.matterId}'`)).toBe('3')
  expect(await house.value(`select count(*) from orders.revisit where order_id = '${story.orderId}'`)).toBe('2')
  expect(story.outside.ringCount).toBe(2)
  await until('the line outside is free', 5_000, () => [...story.outside.calls.values()].every((c) => c.stage === 'ended'))
  const talk = story.outside.calls.values().next().value
  expect(secondsOf(AGENT_HZ, talk?.heard ?? [], RATE, 0.5), 'seconds of the agent heard outside').toBeGreaterThan(0.5)
  expect(secondsOf(CALLER_HZ, talk?.heard ?? []), 'no echo of the caller').toBeLessThan(0.5)
  const api = await Api.signIn(house, story.worker.login, 'field')
  expect((await api.get<{ items: { id: string }[] }>('/field/tasks')).items.map((o) => o.id)).not.toContain(story.orderId)
  expect(story.agent.said).toEqual([])
  expect(story.repairer.said).toEqual([])
})
