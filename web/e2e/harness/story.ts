/**
 * One matter from ring to closed order, step by step in the product's own screens. The stories differ in what
 * breaks between the steps; what must be true after each step stands here once.
 */
import { type Browser, expect, type TestInfo } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { Api } from './api'
import { House, SERVICE_NUMBER } from './house'
import { Agent, by, DeskPerson, drawPicture, field, openBrowser, Repairer } from './people'
import { type Call, Phone } from './sip'
import { RATE, readWav, secondsOf, tone } from './sound'
import { soon, until } from './until'

/** What the caller speaks, and what the agent's microphone does. */
export const CALLER_HZ = 600
export const AGENT_HZ = 1_000

export interface Household {
  number: string
  name: string
  address: string
  accountId: string
  path: string
  lng: number
  lat: number
}

interface CallRow {
  id: string
  state: string
  outcome: string | null
  hung_up_by: string | null
  agent_name: string | null
  account_id: string | null
  digits: string
  arrived_at: string
  queued_at: string | null
  offered_at: string | null
  answered_at: string | null
  ended_at: string | null
  recording: { state: string; seconds: number | null } | null
}

/** A household that heats, owes money, has no open order and one number of its own. */
async function household(house: House): Promise<Household> {
  const [row] = await house.rows(`
    select p.number, h.name, m.address, a.id, a.org_path, m.lng, m.lat
    from directory.account a
    join directory.premise m on m.id = a.premise_id
    join directory.person h on h.id = a.person_id
    join directory.phone p on p.person_id = h.id
    where a.heat_use_state = 'using' and m.user_class = 'resident'
      and (select count(*) from directory.phone o where o.number = p.number) = 1
      and (select count(*) from directory.account o where o.person_id = h.id) = 1
      and (select coalesce(sum(e.amount_fen), 0) from ledger.entry e where e.account_id = a.id and e.ledger = 'receivable') > 0
      and not exists (select from orders.work_order o where o.account_id = a.id and o.state not in ('closed', 'voided'))
      and exists (select from dispatch.worker w where w.org_path like a.org_path || '%' and w.on_shift)
    order by a.account_no limit 1`)
  if (!row) throw new Error('the city has no household for the story')
  const [number = '', name = '', address = '', accountId = '', path = '', lng, lat] = row
  return { number, name, address, accountId, path, lng: Number(lng), lat: Number(lat) }
}

/** Everything that the matter's steps need, and what they found out so far. */
export class Story {
  call!: Call
  callId = ''
  orderId = ''
  orderNo = ''
  matterId = ''
  round = 1
  /** Whom the house finds best, once it was asked, and his telephone. */
  worker = { id: '', login: '', name: '' }
  repairer!: Repairer
  readonly revisitCalls: string[] = []

  private constructor(
    readonly house: House,
    readonly outside: Phone,
    readonly home: Household,
    readonly agent: Agent,
    readonly dispatcher: DeskPerson,
    readonly api: Api,
    readonly pictures: { before: Buffer; after: Buffer },
    private readonly speaking: Browser,
    private readonly silent: Browser,
  ) {}

  static async begin(house: House): Promise<Story> {
    const outside = await Phone.open(house.ports.trunk, house.ports.sip)
    const home = await household(house)
    const [speaking, silent] = [await openBrowser(AGENT_HZ), await openBrowser()]
    const agent = await Agent.enter(house, speaking, 'agent01')
    const dispatcher = await DeskPerson.enter(house, silent, 'dispatcher01')
    const pictures = { before: await drawPicture(silent, '检修前', false), after: await drawPicture(silent, '检修后', true) }
    const api = await Api.signIn(house, 'manager01')
    return new Story(house, outside, home, agent, dispatcher, api, pictures, speaking, silent)
  }

  /** What everybody saw when a test failed, and what the server said. */
  async remember(test: TestInfo) {
    if (test.status === test.expectedStatus) return
    const screens = { agent: this.agent.page, dispatcher: this.dispatcher.page, ...(this.repairer && { repairer: this.repairer.page }) }
    for (const [name, page] of Object.entries(screens)) {
      await page.screenshot({ path: test.outputPath(`${name}.png`), timeout: 5_000 }).catch(() => {})
    }
    const words = [this.house.log, ...this.agent.said.map((w) => `agent: ${w}`), ...(this.repairer?.said ?? []).map((w) => `repairer: ${w}`)]
    words.push('', 'sound in the agent’s browser', ...(await this.agent.soundFacts().catch((e) => [String(e)])))
    if (this.call) words.push('', `heard outside: ${heardOf(this.call)}`)
    const tables = [
      `select template, state, attempts, error, body, matter_id from channels.message order by made_at desc limit 5`,
      `select id, state, outcome, hung_up_by, agent_id, arrived_at, answered_at, ended_at from telephony.call order by arrived_at desc limit 4`,
      `select staff_id, state, call_id, since from telephony.agent where state <> 'offline'`,
      `select kind, subject_id, at, payload from kernel.event order by id desc limit 30`,
      `select s.login, s.name, w.org_path, w.skills, w.on_shift, w.seen_at, w.load_cap from dispatch.worker w join identity.staff s on s.id = w.staff_id where w.org_path like '${this.home.path}%'`,
      `select ranking from dispatch.proposal order by id desc limit 1`,
      `select state, count(*) from orders.work_order where assignee_id = '${this.worker.id}' group by 1`,
    ]
    for (const table of tables) {
      const rows = await this.house.rows(table).catch((error) => [[String(error)]])
      words.push('', table, ...rows.map((row) => row.join(' | ')))
    }
    writeFileSync(test.outputPath('said.txt'), words.join('\n'))
  }

  async end() {
    this.outside.close()
    await this.speaking.close()
    await this.silent.close()
  }

  /** A page of somebody else in the browser without a voice. */
  visitor(login: string): Promise<DeskPerson> {
    return DeskPerson.enter(this.house, this.silent, login)
  }

  get otherBrowser(): Browser {
    return this.silent
  }

  // 1. The call comes in.

  /** The household dials; the house answers with its greeting. */
  async dial() {
    const { page } = this.agent
    if (!page.url().endsWith('/work')) await page.locator('nav a[href="/desk/work"]').click()
    this.call = await this.outside.call(this.home.number, SERVICE_NUMBER)
    await this.call.until('up')
    await until('the call is on record', 10_000, async () => {
      this.callId = await this.house.value(`select id from telephony.call where peer_number = '${this.home.number}' and state <> 'ended'`)
      return this.callId
    })
    this.matterId = await this.house.value(`select matter_id from telephony.call where id = '${this.callId}'`)
    expect(this.matterId).not.toBe('')
  }

  /** The menu is spoken and the caller presses 1. */
  async choose() {
    await until('the menu is spoken', 60_000, async () => (await this.column('node')) === 'menu')
    await until('the greeting was heard', 10_000, () => loudness(this.call.heard) > 100)
    this.call.press('1')
    await until('the call left the menu', 10_000, async () => (await this.column('digits')) === '1')
  }

  // 2. It rings, and the screen is there.

  async rings() {
    await expect(this.agent.bar).toHaveAttribute('data-phone', 'ringing', { timeout: 30_000 })
    await until('the house rings the agent', 30_000, async () => (await this.column('state')) === 'ringing')
    await this.agent.phase('ringing', 30_000)
    await expect(by(this.agent.page, 'pop')).toHaveAttribute('data-ready', 'true')
    await expect(by(this.agent.page, 'pop-name')).toHaveText(this.home.name)
    await expect(by(this.agent.page, 'pop-address')).toHaveText(this.home.address)
    expect(await this.column('state')).toBe('ringing')
  }

  // 3. They talk.

  async answer() {
    await this.agent.answer()
    this.call.say(tone(CALLER_HZ))
    await this.talks(this.call)
  }

  /** Each hears the other, now. */
  async talks(call: Call) {
    await this.agent.hearsTone(CALLER_HZ)
    await until('the agent is heard outside', 15_000, () => secondsOf(AGENT_HZ, call.heard.slice(-2 * RATE), RATE, 0.5) >= 0.2)
  }

  // 4. The repair is filed from the pop.

  async file() {
    const page = this.agent.page
    const form = by(page, 'order-form')
    await expect(form).toBeVisible()
    await expect(form.locator('[data-test="kind"] [data-chip="repair"]')).toHaveAttribute('aria-checked', 'true')
    await form.locator('[data-test="symptom"] [data-chip="no_heat"]').click()
    await expect(form.locator('[data-test="urgency"] [data-chip="2"]')).toHaveAttribute('aria-checked', 'true')
    await expect(field(form, 'contact-name')).toHaveValue(this.home.name)
    await expect(field(form, 'contact-phone')).toHaveValue(this.home.number)
    await field(form, 'description').fill('客厅和次卧不热，家里有老人。')
    await expect(by(form, 'due-arrive')).toBeVisible()
    await by(form, 'submit').click()
    await expect(by(page, 'filed')).toBeVisible()
    this.orderId = (await by(page, 'filed').getAttribute('data-order')) ?? ''
    this.orderNo = (await by(page, 'filed-no').innerText()).trim()
    await this.isIn('filed')
    expect(await this.order('matter_id')).toBe(this.matterId)
    expect(await this.order('account_id')).toBe(this.home.accountId)
  }

  /** The caller puts the telephone down; the recording holds both voices from answer to end. */
  async endCall() {
    await this.talked(3)
    this.call.hangUp()
    await this.agent.wrapUp()
    await this.recordingIsTrue(this.callId)
    expect(await this.column('outcome')).toBe('answered')
    expect(await this.column('hung_up_by')).toBe('peer')
  }

  /** They have talked for so many seconds. */
  private async talked(seconds: number) {
    await until(`${seconds} s of talk`, 10_000, async () => Number(await this.column('extract(epoch from now() - answered_at)')) > seconds)
  }

  /** The stored recording is as long as the talk was and holds both voices. */
  async recordingIsTrue(callId: string) {
    const found = await this.stored(callId)
    const { rate, samples } = readWav(await this.api.bytes(`/telephony/calls/${callId}/recording`))
    const talked = (Date.parse(found.ended_at ?? '') - Date.parse(found.answered_at ?? '')) / 1000
    const recorded = samples.length / rate
    expect(Math.abs(recorded - talked), `recorded ${recorded} s of ${talked} s`).toBeLessThan(0.5 + soon() / 1_000)
    const plain = Math.min(1, recorded / 8)
    expect(secondsOf(CALLER_HZ, samples, rate), 'seconds of the caller').toBeGreaterThan(plain)
    // Half the time silent, and mixed with the caller.
    expect(secondsOf(AGENT_HZ, samples, rate, 0.05), 'seconds of the agent').toBeGreaterThan(plain)
  }

  /** Waits until the recording of this call is stored. */
  async stored(callId: string): Promise<CallRow> {
    let found: CallRow | undefined
    await until(`the recording of ${callId} is stored`, 30_000, async () => {
      found = await this.api.get<CallRow>(`/telephony/calls/${callId}`)
      return found.recording?.state === 'stored'
    })
    return found as CallRow
  }

  // 5. The best repairer gets it. Gives the milliseconds until his telephone showed it.

  async dispatch() {
    const page = this.dispatcher.page
    if (!this.repairer) await this.wakeTheBest()
    await this.dispatcher.open(`/dispatch?order=${this.orderId}`)
    const first = by(page, 'propose').locator('[data-test="candidate"]').first()
    await expect(first).toContainText(this.worker.name)
    await expect(first).toHaveAttribute('data-staff', this.worker.id)
    await expect(by(first, 'reasons').locator('li').first()).toBeVisible()
    await by(this.repairer.page, 'tab-tasks').waitFor()
    const seen = this.repairer.sees(this.orderId)
    await by(first, 'assign').click()
    await this.isIn('dispatched')
    const given = await this.order(`extract(epoch from dispatched_at) * 1000`)
    return (await seen) - Number(given)
  }

  /** Whoever is proposed first opens the app where he is. */
  private async wakeTheBest() {
    const { ranked } = await this.api.get<{ ranked: { staff_id: string; name: string }[] }>(`/dispatch/orders/${this.orderId}/proposal`)
    const best = ranked[0]
    if (!best) throw new Error('nobody is proposed')
    const [row] = await this.house.rows(`
      select s.login, w.lng, w.lat from identity.staff s join dispatch.worker w on w.staff_id = s.id where s.id = '${best.staff_id}'`)
    const [login = '', lng, lat] = row ?? []
    this.worker = { id: best.staff_id, login, name: best.name }
    this.repairer = await Repairer.enter(this.house, this.silent, login, { lng: Number(lng), lat: Number(lat) })
  }

  // 6. The visit.

  async accept() {
    await this.repairer.take(this.orderId)
    await this.step('accept', 'accepted')
  }

  setOut = () => this.step('set_out', 'en_route')

  async arrive() {
    await this.repairer.goTo(this.home)
    await this.step('arrive', 'on_site')
    await until('the place is on record', 10_000, async () => (await this.visit('distance_m')) !== '')
    expect(Number(await this.visit('distance_m'))).toBeLessThan(100)
  }

  photoBefore = () => this.repairer.photograph('photo_before', this.pictures.before)

  async cause() {
    await this.repairer.press('cause')
    await by(this.repairer.page, 'cause-air_lock').click()
    await this.repairer.done('cause')
  }

  photoAfter = () => this.repairer.photograph('photo_after', this.pictures.after)

  async temperature() {
    await this.repairer.press('temperature')
    await field(this.repairer.page, 'temperature-value').fill('21.5')
    await by(this.repairer.page, 'temperature-save').click()
    await this.repairer.done('temperature')
  }

  /** A sound in a cellar without a network, which is sent when it is back; and a film. */
  async soundAndFilm() {
    await this.repairer.context.setOffline(true)
    await this.repairer.record('audio', 2)
    await expect(by(this.repairer.page, 'kept-audio')).toHaveAttribute('data-state', 'kept')
    await this.repairer.context.setOffline(false)
    await this.repairer.recorded('audio')
    await this.repairer.record('video', 2)
    await this.repairer.recorded('video')
  }

  signature = () => this.repairer.sign()

  async finish() {
    await this.repairer.press('finish')
    await field(this.repairer.page, 'finish-note').fill('排气后回温，已交代用户。')
    await by(this.repairer.page, 'finish-confirm').click()
    await expect(by(this.repairer.page, 'task-over')).toBeVisible()
    await this.comesTo('finished', 'revisit')
    await by(this.repairer.page, 'to-list').click()
    await expect(by(this.repairer.page, 'tasks-page')).toBeVisible()
  }

  private async step(key: string, state: string) {
    await this.repairer.press(key)
    await this.repairer.done(key)
    await this.isIn(state)
  }

  /** The station looks at the work and lets it pass, where the kind asks for that. */
  async pass() {
    if ((await this.order('state')) !== 'finished') return
    await this.dispatcherPasses()
  }

  private async dispatcherPasses() {
    const head = await this.visitor(await this.headOfStation())
    await head.open(`/orders/${this.orderId}`)
    await by(head.page, 'pass').click()
    const dialog = head.page.getByRole('dialog')
    if (await dialog.isVisible()) await dialog.getByRole('button').last().click()
    await this.isIn('revisit')
    await head.leave()
  }

  headOfStation(): Promise<string> {
    return this.house.value(`
      select s.login from identity.staff s join identity.org o on o.id = s.org_id
      where s.login like 'station%' and '${this.home.path}' like o.path || '%' limit 1`)
  }

  // 7. The revisit.

  /** The agent presses call at the revisit; the customer's telephone rings and is taken up. */
  async revisitCall() {
    const page = this.agent.page
    await this.agent.open('/revisits')
    await this.agent.isIdle()
    const row = page.locator(`[data-test="revisit"][data-order="${this.orderId}"]`)
    await row.locator('button.main').click()
    await by(row, 'call').click()
    this.call = await this.outside.rings()
    expect(this.call.called).toBe(this.home.number)
    this.call.answer()
    this.call.say(tone(CALLER_HZ))
    await this.agent.phase('talking')
    await this.talks(this.call)
    this.callId = await this.house.value(`select id from telephony.call where direction = 'out' and state <> 'ended'`)
    this.revisitCalls.push(this.callId)
  }

  async record(result: 'satisfied' | 'unsatisfied', reason = '') {
    const form = by(this.agent.page, 'revisit-form').first()
    await by(form, `result-${result}`).click()
    if (reason) await field(form, 'revisit-reason').fill(reason)
    await by(form, 'revisit-submit').click()
    await this.isIn(result === 'satisfied' ? 'closed' : 'filed')
    if (result === 'unsatisfied') this.round++
    expect(Number(await this.order('round'))).toBe(this.round)
  }

  async endRevisitCall() {
    await this.talked(3)
    await this.agent.hangUp()
    await until('the customer hears the end', 10_000, () => this.call.stage === 'ended')
    await this.agent.wrapUp()
    await this.recordingIsTrue(this.callId)
  }

  // What is on record.

  column = (name: string) => this.house.value(`select ${name} from telephony.call where id = '${this.callId}'`)
  order = (name: string) => this.house.value(`select ${name} from orders.work_order where id = '${this.orderId}'`)
  visit = (name: string) =>
    this.house.value(`select ${name} from field.visit where order_id = '${this.orderId}' and round = ${this.round} order by accepted_at desc limit 1`)

  async isIn(state: string) {
    await until(`the order is ${state}`, 20_000, async () => (await this.order('state')) === state)
  }

  private async comesTo(...states: string[]) {
    await until(`the order is ${states.join(' or ')}`, 20_000, async () => states.includes(await this.order('state')))
  }

  /** The link in the customer's message of this kind, newest first. */
  async linkTo(template: string): Promise<string> {
    let link = ''
    await until(`a message ${template} with a link`, 20_000, async () => {
      const body = await this.house.value(`
        select body from channels.message where matter_id = '${this.matterId}' and template = '${template}' and state = 'sent'
        order by made_at desc limit 1`)
      link = /https?:\/\/\S+\/portal\/p\/[\w.~-]+/.exec(body)?.[0] ?? ''
      return link
    })
    return link
  }
}

/** The last five seconds heard outside: how much, how loud, how much of it the agent's tone. */
function heardOf(call: Call): string {
  const last = call.heard.slice(-5 * RATE)
  return `${call.heard.length} samples in all, then loudness ${loudness(last)}, ${secondsOf(AGENT_HZ, last, RATE, 0.5)} s of tone (0.05: ${secondsOf(AGENT_HZ, last, RATE, 0.05)} s)`
}

function loudness(samples: readonly number[]): number {
  return samples.reduce((most, s) => Math.max(most, Math.abs(s)), 0)
}
