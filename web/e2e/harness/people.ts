/** The people of the stories, each with a screen: what they see and press. */
import { type Browser, type BrowserContext, type Locator, type Page, chromium, expect } from '@playwright/test'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type House, PASSWORD } from './house'
import { shareOf, writeBeeps } from './sound'

const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]
/** A camera and a microphone that show and play a test picture. */
const DEVICES = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
const TELEPHONE = [
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns',
]

/** A browser of the machine; with a voice, one that telephones, and whose microphone beeps at so many hertz. */
export function openBrowser(voice?: number): Promise<Browser> {
  const sound: string[] = []
  if (voice) {
    const file = join(tmpdir(), `hearthline-beeps-${voice}.wav`)
    writeBeeps(file, voice)
    sound.push(...TELEPHONE, `--use-file-for-fake-audio-capture=${file}`)
  }
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...QUIET, ...DEVICES, ...sound] })
}

/** The field to write into that carries this mark, whatever the component wraps around it. */
export function field(at: Page | Locator, mark: string): Locator {
  return at.locator(`input[data-test="${mark}"], textarea[data-test="${mark}"], [data-test="${mark}"] input, [data-test="${mark}"] textarea`).first()
}

export const by = (at: Page | Locator, mark: string): Locator => at.locator(`[data-test="${mark}"]`)

/** Errors that a page wrote to its console, but for the browser's own note that nobody was signed in yet. */
export function listen(page: Page): string[] {
  const said: string[] = []
  page.on('console', (message) => {
    const asks = message.location().url.endsWith('/api/identity/me') && message.text().includes('401')
    if (message.type() === 'error' && !asks) said.push(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => said.push(String(error)))
  return said
}

/** Somebody at a desk. */
export class DeskPerson {
  readonly said: string[]

  protected constructor(
    readonly house: House,
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    this.said = listen(page)
  }

  static async enter(house: House, browser: Browser, login: string): Promise<DeskPerson> {
    const context = await newDesk(browser)
    const person = new DeskPerson(house, await context.newPage(), context)
    await person.signIn(login)
    return person
  }

  async signIn(login: string) {
    await this.page.goto(`${this.house.url}/desk/`)
    await field(this.page, 'login').fill(login)
    await field(this.page, 'password').fill(PASSWORD)
    await by(this.page, 'submit').click()
    await expect(by(this.page, 'me')).toBeVisible()
  }

  async open(path: string) {
    await this.page.goto(`${this.house.url}/desk${path}`)
  }

  async leave() {
    await this.context.close()
  }
}

/** No button of ours takes longer to appear. */
const PATIENCE = 15_000

async function newDesk(browser: Browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  context.setDefaultTimeout(PATIENCE)
  return context
}

/** Runs in the page: keeps its connections, for [`Agent.soundFacts`]. */
function keepTalks() {
  const talks: RTCPeerConnection[] = []
  Object.assign(window, { __talks: talks })
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(settings?: RTCConfiguration) {
      super(settings)
      talks.push(this)
    }
  }
}

/** Somebody who answers calls. */
export class Agent extends DeskPerson {
  static override async enter(house: House, browser: Browser, login: string): Promise<Agent> {
    const context = await newDesk(browser)
    await context.grantPermissions(['microphone'])
    await context.addInitScript(keepTalks)
    const agent = new Agent(house, await context.newPage(), context)
    await agent.signIn(login)
    await expect(agent.bar).toHaveAttribute('data-phone', 'ready')
    await by(agent.page, 'go-idle').click()
    await agent.isIdle()
    return agent
  }

  get bar(): Locator {
    return by(this.page, 'softphone')
  }

  /** The telephone's state as the screen shows it. */
  async phase(wanted: string, timeout = 15_000) {
    await expect(this.bar).toHaveAttribute('data-state', wanted, { timeout })
  }

  /** Free for the next call, telephone and seat. */
  async isIdle(timeout = 25_000) {
    await expect(this.bar).toHaveAttribute('data-phone', 'ready', { timeout })
    await expect(this.bar).toHaveAttribute('data-seat', 'idle', { timeout })
    await this.phase('idle', timeout)
  }

  async answer() {
    await by(this.page, 'answer').click()
    await this.phase('talking')
  }

  async hangUp() {
    await by(this.page, 'hangup').click()
  }

  /** Says that the work after the call is done. */
  async wrapUp() {
    await this.phase('wrap_up', 20_000)
    await by(this.page, 'wrap-up-done').click()
    await this.isIdle()
  }

  /** How strong this tone is now in what the agent hears, 0 to 1. */
  async hears(hz: number): Promise<number> {
    const { rate, samples } = await this.page.evaluate(async () => {
      const phone = (window as unknown as { __phone?: { remote: { value: MediaStream | null } } }).__phone
      const stream = phone?.remote.value
      if (!stream) return { rate: 48_000, samples: [] }
      const context = new AudioContext()
      const ear = context.createAnalyser()
      ear.fftSize = 16_384
      const source = context.createMediaStreamSource(stream)
      source.connect(ear)
      await new Promise((done) => setTimeout(done, 500))
      const samples = new Float32Array(ear.fftSize)
      ear.getFloatTimeDomainData(samples)
      source.disconnect()
      const rate = context.sampleRate
      await context.close()
      return { rate, samples: Array.from(samples) }
    })
    return shareOf(hz, samples, rate)
  }

  /** What the browser knows of the last talk's sound: what its microphone gave, what went out, what came in. */
  async soundFacts(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const talk = (window as unknown as { __talks?: RTCPeerConnection[] }).__talks?.at(-1)
      const facts = [...((await talk?.getStats()) ?? new Map()).values()] as Record<string, unknown>[]
      const wanted = ['media-source', 'outbound-rtp', 'inbound-rtp', 'remote-inbound-rtp', 'transport']
      return facts.filter((f) => wanted.includes(String(f.type))).map((f) => JSON.stringify(f))
    })
  }

  /** Waits until the tone is plainly in what the agent hears. */
  async hearsTone(hz: number) {
    await expect.poll(() => this.hears(hz), { timeout: 15_000, message: `${hz} Hz in the agent's ear` }).toBeGreaterThan(0.5)
  }
}

/** A repairer with a telephone-sized screen that knows where it is. */
export class Repairer {
  readonly said: string[]

  private constructor(
    readonly house: House,
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    this.said = listen(page)
  }

  static async enter(house: House, browser: Browser, login: string, place: { lng: number; lat: number }): Promise<Repairer> {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      geolocation: { longitude: place.lng, latitude: place.lat, accuracy: 8 },
      permissions: ['geolocation', 'microphone', 'camera'],
    })
    context.setDefaultTimeout(PATIENCE)
    const repairer = new Repairer(house, await context.newPage(), context)
    await repairer.page.goto(`${house.url}/field/`)
    await field(repairer.page, 'login').fill(login)
    await field(repairer.page, 'password').fill(PASSWORD)
    await by(repairer.page, 'sign-in').click()
    await by(repairer.page, 'tab-me').click()
    const shift = by(repairer.page, 'shift')
    if ((await shift.getAttribute('aria-checked')) !== 'true') await shift.click()
    await expect(by(repairer.page, 'position-state')).toHaveAttribute('data-state', 'ok')
    await by(repairer.page, 'tab-tasks').click()
    await expect(by(repairer.page, 'tasks-page')).toBeVisible()
    return repairer
  }

  /** Walks there. */
  async goTo(place: { lng: number; lat: number }) {
    await this.context.setGeolocation({ longitude: place.lng, latitude: place.lat, accuracy: 8 })
  }

  /** The order's card on the list, wherever it stands. */
  card(order: string): Locator {
    return this.page.locator(`[data-test="next-task"][data-order="${order}"], [data-test="task-row"][data-order="${order}"]`)
  }

  /** When the order's card appeared on the list, milliseconds since 1970; nothing is reloaded. */
  sees(order: string): Promise<number> {
    return this.page.evaluate((id) => {
      const there = () => document.querySelector(`[data-test="next-task"][data-order="${id}"], [data-test="task-row"][data-order="${id}"]`)
      return new Promise<number>((done, fail) => {
        const watch = new MutationObserver(() => there() && (watch.disconnect(), done(Date.now())))
        watch.observe(document.body, { childList: true, subtree: true, attributes: true })
        setTimeout(() => fail(new Error('the order did not appear on the telephone')), 15_000)
        if (there()) done(Date.now())
      })
    }, order)
  }

  /** Opens the order from the list. */
  async take(order: string) {
    const card = this.card(order)
    const start = by(card, 'start')
    await ((await start.count()) > 0 ? start : card).click()
    await expect(by(this.page, 'task-page')).toHaveAttribute('data-order', order)
  }

  /** The step is done and the server knows it. */
  async done(step: string) {
    await expect(by(this.page, `step-${step}`)).toHaveAttribute('data-state', 'done', { timeout: 25_000 })
  }

  async press(step: string) {
    await by(this.page, `do-${step}`).click()
  }

  async photograph(step: 'photo_before' | 'photo_after', picture: Buffer) {
    const chooser = this.page.waitForEvent('filechooser')
    await this.press(step)
    await (await chooser).setFiles({ name: `${step}.jpg`, mimeType: 'image/jpeg', buffer: picture })
    await this.done(step)
  }

  /** Records sound or film for some seconds, hears or sees it, and keeps it. */
  async record(kind: 'audio' | 'video', seconds: number) {
    await this.press(kind)
    const sheet = by(this.page, `record-${kind}`)
    await by(sheet, 'record-start').click()
    await expect(sheet).toHaveAttribute('data-state', 'running')
    await this.page.waitForTimeout(1_000 * seconds)
    await by(sheet, 'record-stop').click()
    await expect(sheet).toHaveAttribute('data-state', 'made')
    await plays(by(sheet, `player-${kind}`), seconds)
    await by(sheet, 'record-keep').click()
    await expect(by(this.page, `kept-${kind}`)).toBeVisible()
  }

  /** The server has it. */
  async recorded(kind: 'audio' | 'video') {
    await expect(by(this.page, `kept-${kind}`)).toHaveAttribute('data-state', 'done', { timeout: 25_000 })
  }

  async sign() {
    await this.press('signature')
    const pad = by(this.page, 'signature-pad')
    await expect(pad).toBeVisible()
    await this.page.waitForTimeout(400)
    const box = await pad.boundingBox()
    if (!box) throw new Error('no paper to sign on')
    const spot = (n: number): [number, number] => [box.x + 40 + 12 * n, box.y + box.height / 2 + 60 * Math.sin(n / 2)]
    await this.page.mouse.move(...spot(0))
    await this.page.mouse.down()
    for (let n = 1; n <= 20; n++) await this.page.mouse.move(...spot(n))
    await this.page.mouse.up()
    await by(this.page, 'signature-save').click()
    await this.done('signature')
  }

  async leave() {
    await this.context.close()
  }
}

/** The player plays what is about so many seconds long; a film has a picture. */
export async function plays(player: Locator, seconds: number) {
  await expect.poll(() => player.evaluate((one: HTMLMediaElement) => one.duration), { message: 'its length' }).toBeGreaterThan(seconds - 0.7)
  const facts = await player.evaluate(async (one: HTMLMediaElement) => {
    one.muted = true
    await one.play()
    await new Promise((done) => one.addEventListener('ended', done, { once: true }))
    return { length: one.duration, at: one.currentTime, width: one instanceof HTMLVideoElement ? one.videoWidth : null }
  })
  expect(facts.length).toBeLessThan(seconds + 4)
  expect(facts.at).toBeGreaterThan(seconds - 0.7)
  if (facts.width !== null) expect(facts.width).toBeGreaterThan(100)
}

/** A picture as a telephone's camera would make it. */
export async function drawPicture(browser: Browser, words: string, warm: boolean): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1024, height: 768 } })
  const [wall, iron] = warm ? ['#d9c3a3', '#f1e6d6'] : ['#a9b7c2', '#dfe6ea']
  const ribs = Array.from({ length: 12 }, () => `<i></i>`).join('')
  await page.setContent(`<style>body{margin:0;height:100vh;background:${wall};display:grid;place-items:center;font:28px sans-serif}
    div{display:flex;gap:8px;padding:0 30px}i{width:44px;height:360px;border-radius:22px;background:linear-gradient(90deg,${iron},#8c8c8c 85%)}
    p{margin:0;color:#222}</style><div>${ribs}</div><p>${words}</p>`)
  const picture = await page.screenshot({ type: 'jpeg', quality: 80 })
  await page.close()
  return picture
}
