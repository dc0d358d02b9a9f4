import { expect, test } from '@playwright/test'
import { House, SERVICE_NUMBER } from '../harness/house'
import { by } from '../harness/people'
import { CALLER_HZ, Story } from '../harness/story'
import { tone } from '../harness/sound'
import { until } from '../harness/until'

test.describe.configure({ mode: 'serial' })

let house: House
let story: Story

test.beforeAll(async () => {
  test.setTimeout(180_000)
  house = await House.start({ seed: 1 })
  story = await Story.begin(house)
})

test.afterEach(async ({}, info) => {
  await story?.remember(info)
})

test.afterAll(async () => {
  test.setTimeout(90_000)
  await story?.end()
  await house?.stop()
})

/** Kills the server on the spot, starts it again, and waits until the pages have found it. */
async function crash() {
  await house.crash()
  await expect(by(story.agent.page, 'stream')).toHaveAttribute('data-state', 'live', { timeout: 30_000 })
}

/** Nothing is there twice: as many calls, orders, visits and revisits as the matter has had. */
async function counts(wanted: { calls: number; orders: number; visits: number; revisits: number }) {
  const count = (what: string) => house.value(`select count(*) from ${what}`)
  const found = {
    calls: Number(await count(`telephony.call where matter_id = '${story.matterId}'`)),
    orders: Number(await count(`orders.work_order where matter_id = '${story.matterId}'`)),
    visits: Number(await count(`field.visit where order_id = '${story.orderId}'`)),
    revisits: Number(await count(`orders.revisit where order_id = '${story.orderId}'`)),
  }
  expect(found).toEqual(wanted)
  const doubled = await house.rows(`
    select template, count(*) from channels.message where matter_id = '${story.matterId}'
    group by template, reason having count(*) > 1`)
  expect(doubled).toEqual([])
}

/** accepts R-04 XB-01: the server dies in the greeting, in the menu, in the queue and while it rings */
test('the server is killed while a call comes in, and the caller reaches the agent', async () => {
  await story.dial()
  await crash()
  expect(story.call.stage).toBe('up')
  await story.choose()
  await crash()
  await story.rings()
  await crash()
  await story.rings()
})

/** accepts R-04 RC-01: the server dies while two people talk; they do not notice */
test('the server is killed while they talk, and they talk on', async () => {
  await story.answer()
  await house.killServer()
  await story.talks(story.call)
  await house.open()
  await story.agent.phase('talking', 30_000)
  expect(story.call.stage).toBe('up')
  await story.talks(story.call)
  await story.file()
  await crash()
  await story.agent.phase('talking', 30_000)
  await story.endCall()
  await counts({ calls: 1, orders: 1, visits: 0, revisits: 0 })
})

/** accepts R-04 WO-40 MO-03: the server dies between every two steps of dispatch and visit */
test('the server is killed between every two steps of the work', async () => {
  test.setTimeout(240_000)
  await crash()
  await story.dispatch()
  for (const step of [
    () => story.accept(),
    () => story.setOut(),
    () => story.arrive(),
    () => story.photoBefore(),
    () => story.cause(),
    () => story.photoAfter(),
    () => story.temperature(),
    () => story.signature(),
    () => story.finish(),
  ]) {
    await crash()
    await step()
  }
  await crash()
  await story.pass()
  await counts({ calls: 1, orders: 1, visits: 1, revisits: 1 })
  const proofs = await house.rows(`
    select kind, count(*) from field.evidence e join field.visit v on v.id = e.visit_id
    where v.order_id = '${story.orderId}' group by kind order by kind`)
  expect(proofs).toEqual([['photo_after', '1'], ['photo_before', '1'], ['signature', '1']])
  await story.linkTo('repairer_for_customer')
  await story.linkTo('finished_for_customer')
})

/** accepts R-04 RV-01: the server dies around the revisit; it is called once and recorded once */
test('the server is killed around the revisit, which happens once', async () => {
  await crash()
  await story.revisitCall()
  await crash()
  await story.agent.phase('talking', 30_000)
  await story.talks(story.call)
  await story.record('unsatisfied', '卧室还是不热')
  await crash()
  await story.endRevisitCall()
  await counts({ calls: 2, orders: 1, visits: 1, revisits: 1 })
  expect(story.outside.ringCount).toBe(1)
})

/** accepts R-04: PostgreSQL dies while two people talk; what was committed is there, the talk goes on */
test('PostgreSQL is killed while they talk, and nothing that was written is lost', async () => {
  test.setTimeout(180_000)
  const before = await house.value(`select count(*) from kernel.event`)
  await story.dispatch()
  await crash()
  await story.dial()
  await story.choose()
  await story.rings()
  await story.answer()
  await house.killPostgres()
  await story.talks(story.call)
  await house.backWithPostgres()
  await story.agent.phase('talking', 40_000)
  expect(Number(await house.value(`select count(*) from kernel.event`))).toBeGreaterThan(Number(before))
  await story.isIn('dispatched')
  await story.talks(story.call)
  await story.endCall()
})

/** accepts R-04 RC-04: Asterisk dies while two people talk: a true end, the recording so far, the next call works */
test('Asterisk is killed while they talk: the record is true, the recording is kept, the next call works', async () => {
  test.setTimeout(180_000)
  await story.dial()
  await story.choose()
  await story.rings()
  await story.answer()
  await until('some seconds are recorded', 10_000, async () =>
    Number(await story.column('extract(epoch from now() - answered_at)')) > 3)
  await house.killAsterisk()
  await until('the call has ended', 30_000, async () => (await story.column('state')) === 'ended')
  expect(await story.column('outcome')).toBe('answered')
  expect(await story.column('hung_up_by')).toBe('system')
  await story.stored(story.callId)
  story.call.become('ended')
  const talked = Number(await story.column('extract(epoch from ended_at - answered_at)'))
  const kept = Number(await house.value(`select seconds from telephony.recording where call_id = '${story.callId}'`))
  expect(kept).toBeGreaterThan(1.5)
  expect(kept).toBeLessThan(talked + 1.5)
  await story.agent.page.waitForFunction(() => true)
  await until('the agent is not stuck', 40_000, async () =>
    ['idle', 'wrap_up'].includes(await house.value(`
      select state from telephony.agent a join identity.staff s on s.id = a.staff_id where s.login = 'agent01'`)))
  if ((await story.agent.bar.getAttribute('data-state')) === 'wrap_up') await story.agent.wrapUp()
  await story.agent.isIdle(40_000)

  await story.dial()
  await story.choose()
  await story.rings()
  await story.answer()
  await story.endCall()
})

/** accepts R-04 AC-10: after all that the matter is finished like any other and nobody is stuck */
test('afterwards the matter is closed, nobody is stuck, nothing is there twice', async () => {
  test.setTimeout(180_000)
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
  expect(await house.value(`select count(*) from telephony.call where state <> 'ended'`)).toBe('0')
  expect(await house.value(`select count(*) from telephony.agent where state not in ('idle', 'away', 'offline', 'unreachable')`)).toBe('0')
  expect(await house.value(`select count(*) from orders.work_order where account_id = '${story.home.accountId}' and state <> 'closed'`)).toBe('0')
  expect(story.outside.ringCount).toBe(2)
  const call = await story.outside.call(story.home.number, SERVICE_NUMBER)
  await call.until('up')
  call.say(tone(CALLER_HZ))
  call.hangUp()
  await until('the last call is on record', 10_000, async () =>
    (await house.value(`select outcome from telephony.call where peer_number = '${story.home.number}' order by arrived_at desc limit 1`)) !== '')
})
