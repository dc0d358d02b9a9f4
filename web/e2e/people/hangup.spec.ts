import { expect, test } from '@playwright/test'
import { House, SERVICE_NUMBER } from '../harness/house'
import { Agent, by, openBrowser } from '../harness/people'
import { type Call, Phone } from '../harness/sip'
import { soon, until } from '../harness/until'

let house: House
let outside: Phone
let agent: Agent
let close: () => Promise<void>

test.beforeAll(async () => {
  test.setTimeout(180_000)
  house = await House.start({ seed: 3, accounts: 100 })
  outside = await Phone.open(house.ports.trunk, house.ports.sip)
  const browser = await openBrowser(1_000)
  close = () => browser.close()
  agent = await Agent.enter(house, browser, 'agent01')
})

test.afterAll(async () => {
  test.setTimeout(90_000)
  outside?.close()
  await close?.()
  await house?.stop()
})

/** What the house wrote about one call. */
interface Record {
  state: string
  outcome: string
  hungUpBy: string
  arrived: number
  answered: number | null
  ended: number
}

let next = 13_900_000_000

/** A number that nobody called from before, so that its calls are this test's. */
async function dial(): Promise<Call> {
  const call = await outside.call(String(next++), SERVICE_NUMBER)
  await call.until('up')
  return call
}

const column = (call: Call, name: string) =>
  house.value(`select ${name} from telephony.call where peer_number = '${call.caller}' order by arrived_at desc limit 1`)

async function reach(call: Call, state: string) {
  await until(`the call is ${state}`, 60_000, async () => (await column(call, 'state')) === state)
}

async function chooseRepair(call: Call) {
  await until('the menu is spoken', 60_000, async () => (await column(call, 'node')) === 'menu')
  call.press('1')
}

async function ring(): Promise<Call> {
  const call = await dial()
  await chooseRepair(call)
  await reach(call, 'ringing')
  await expect(agent.bar).toHaveAttribute('data-phone', 'ringing')
  return call
}

/** One record, ended when the caller says it ended, and the seat is free within a second. */
async function endsAs(call: Call, outcome: string): Promise<Record> {
  call.hangUp()
  const hungUp = call.at.ended ?? Date.now()
  await until('the call is over in the house', soon() + 1_000, async () => (await column(call, 'state')) === 'ended')
  const rows = await house.rows(`
    select state, outcome, hung_up_by, extract(epoch from arrived_at) * 1000, extract(epoch from answered_at) * 1000,
           extract(epoch from ended_at) * 1000
    from telephony.call where peer_number = '${call.caller}'`)
  expect(rows, 'one record').toHaveLength(1)
  const [state = '', gotten = '', hungUpBy = '', arrived, answered, ended] = rows[0] ?? []
  const record = { state, outcome: gotten, hungUpBy, arrived: Number(arrived), answered: answered ? Number(answered) : null, ended: Number(ended) }
  expect(record).toMatchObject({ outcome, hungUpBy: 'peer' })
  const invited = call.at.invited ?? 0
  expect(Math.abs(record.arrived - invited), 'arrival, ms from the INVITE').toBeLessThan(soon())
  expect(Math.abs(record.ended - hungUp), 'end, ms from the goodbye').toBeLessThan(soon())
  return record
}

/** The seat is free again within a second; a talk leaves something to write up first. */
async function seatIs(...states: string[]) {
  const before = Date.now()
  await until(`the seat is ${states.join(' or ')}`, soon() + 1_000, async () =>
    states.includes(await house.value(`
      select a.state from telephony.agent a join identity.staff s on s.id = a.staff_id where s.login = 'agent01'`)))
  expect(Date.now() - before).toBeLessThan(soon())
  if (states.includes('wrap_up') && (await house.value(`select count(*) from telephony.agent where state = 'wrap_up'`)) === '1') await agent.wrapUp()
  await agent.isIdle()
}

/** accepts R-02 IV-01: in the greeting */
test('the caller hangs up in the greeting', async () => {
  const call = await dial()
  await reach(call, 'ivr')
  await endsAs(call, 'abandoned_greeting')
  await seatIs('idle')
})

/** accepts R-02 IV-01: in the menu */
test('the caller hangs up in the menu', async () => {
  const call = await dial()
  await until('the menu is spoken', 60_000, async () => (await column(call, 'node')) === 'menu')
  await endsAs(call, 'abandoned_menu')
  await seatIs('idle')
})

/** accepts R-02 AC-01: in the queue, while nobody is free */
test('the caller hangs up in the queue', async () => {
  await by(agent.page, 'seat').click()
  await by(agent.page, 'seat-away-rest').click()
  await agent.phase('away')
  const call = await dial()
  await chooseRepair(call)
  await reach(call, 'queued')
  const record = await endsAs(call, 'abandoned_queue')
  expect(record.answered).toBeNull()
  await by(agent.page, 'go-idle').click()
  await agent.isIdle()
})

/** accepts R-02 AC-02: while the agent's phone rings */
test('the caller hangs up while it rings', async () => {
  const call = await ring()
  const record = await endsAs(call, 'abandoned_ringing')
  expect(record.answered).toBeNull()
  await seatIs('idle')
})

/** accepts R-02 AC-04: at the very moment of the answer, whoever is first */
test('the caller hangs up at the moment of the answer', async () => {
  for (let n = 0; n < 3; n++) {
    const call = await ring()
    const pressed = by(agent.page, 'answer').click({ noWaitAfter: true })
    await new Promise((done) => setTimeout(done, n * 60))
    call.hangUp()
    await pressed.catch(() => {})
    await until('the call is over in the house', 10_000, async () => (await column(call, 'state')) === 'ended')
    const rows = await house.rows(`select outcome, answered_at is null from telephony.call where peer_number = '${call.caller}'`)
    expect(rows).toHaveLength(1)
    const [outcome, unanswered] = rows[0] ?? []
    expect([['answered', 'f'], ['abandoned_ringing', 't']]).toContainEqual([outcome, unanswered])
    await seatIs('idle', 'wrap_up')
  }
})

/** accepts R-02 RC-01: while they talk; the recording ends with the talk */
test('the caller hangs up while they talk', async () => {
  const call = await ring()
  await agent.answer()
  await until('two seconds are spoken', 10_000, async () => Number(await column(call, 'extract(epoch from now() - answered_at)')) > 2)
  const record = await endsAs(call, 'answered')
  await seatIs('wrap_up')
  const id = await column(call, 'id')
  await until('the recording is stored', 20_000, async () => (await house.value(`select state from telephony.recording where call_id = '${id}'`)) === 'stored')
  const seconds = Number(await house.value(`select seconds from telephony.recording where call_id = '${id}'`))
  expect(Math.abs(seconds * 1_000 - (record.ended - (record.answered ?? 0)))).toBeLessThan(1_500)
})

/** accepts R-02 AC-10: on hold, listening to music */
test('the caller hangs up on hold', async () => {
  const call = await ring()
  await agent.answer()
  await by(agent.page, 'hold').click()
  await reach(call, 'held')
  const before = call.heard.length
  await until('music is heard', 10_000, () => call.heard.slice(before).some((s) => Math.abs(s) > 500))
  await endsAs(call, 'answered')
  await seatIs('wrap_up')
})
