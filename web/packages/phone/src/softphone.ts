import { newId } from '@hearthline/kit'
import { type Ref, type ShallowRef, ref, shallowRef } from 'vue'
import { openSipLine } from './line'
import { type PhoneEvent, type PhoneState, step } from './machine'
import { type Line, type OpenLine, type PhoneServer, answersItself, retryAfter } from './ports'
import { Ring } from './ring'

const LOCK = 'hl-phone'

type Command = 'answer' | 'hangUp' | 'mute' | 'unmute' | 'tell'
type Told = { type: 'state'; state: PhoneState; muted: boolean } | { type: 'do'; command: Command }

/**
 * The agent's telephone. One tab of a browser holds it (a lock decides which) and the others show
 * what it does and pass on what is pressed; when that tab goes, another takes the telephone over.
 */
export class Softphone {
  readonly state: Ref<PhoneState> = ref('off')
  readonly muted = ref(false)
  /** Whether this tab holds the telephone. */
  readonly leads = ref(false)
  /** Why there is no line, as the switch put it. */
  readonly trouble = ref('')
  /** No microphone: calls would be one-sided. */
  readonly deaf = ref(false)
  /** Whether the same person's other browser has taken the telephone. */
  readonly taken = ref(false)
  /** What the other side says. */
  readonly remote: ShallowRef<MediaStream | null> = shallowRef(null)
  readonly tab = newId()

  private line: Line | undefined
  private ending: AbortController | undefined
  private tabs: BroadcastChannel | undefined
  private retry: ReturnType<typeof setTimeout> | undefined
  private failures = 0
  private beating = false
  private readonly ring = new Ring()
  private readonly speaker = new Audio()

  constructor(
    private readonly server: PhoneServer,
    private readonly openLine: OpenLine = openSipLine,
  ) {}

  /** Switches the telephone on; safe to call again. */
  start() {
    if (this.ending) return
    const ending = new AbortController()
    this.ending = ending
    this.tabs = new BroadcastChannel(LOCK)
    this.tabs.onmessage = ({ data }: MessageEvent<Told>) => this.heard(data)
    this.tabs.postMessage({ type: 'do', command: 'tell' } satisfies Told)
    void this.takeTurn(ending.signal).catch(() => {})
  }

  /** Holds the telephone at once when no other tab does, else as soon as that one goes. */
  private async takeTurn(signal: AbortSignal) {
    const lead = () => this.lead(signal)
    // Without a secure context there are no locks (and no microphone either).
    if (!navigator.locks) return lead()
    const free = { ifAvailable: true }
    const held = await navigator.locks.request(LOCK, free, async (lock) => {
      if (lock) await lead()
      return lock !== null
    })
    if (held || signal.aborted) return
    this.become('another_tab_leads')
    await navigator.locks.request(LOCK, { signal }, lead)
  }

  /** Switches it off; a talk on this line ends. */
  stop() {
    this.ending?.abort()
    this.ending = undefined
    this.tabs?.close()
    this.become('stop')
  }

  answer() {
    if (!this.leads.value) return this.ask('answer')
    if (this.state.value !== 'ringing') return
    this.become('answer')
    this.line?.answer()
  }

  hangUp() {
    if (!this.leads.value) return this.ask('hangUp')
    this.line?.hangUp()
  }

  mute(on: boolean) {
    if (!this.leads.value) return this.ask(on ? 'mute' : 'unmute')
    this.line?.mute(on)
    this.muted.value = on
    this.tell()
  }

  private async lead(signal: AbortSignal): Promise<void> {
    this.leads.value = true
    this.become('start')
    const heart = new Worker(new URL('./beat.worker.ts', import.meta.url), { type: 'module' })
    heart.onmessage = () => void this.beat()
    void this.tryMicrophone()
    await this.open(signal)
    return new Promise((resolve) => {
      const end = () => {
        heart.terminate()
        clearTimeout(this.retry)
        this.ring.stop()
        this.line?.close()
        this.line = undefined
        this.leads.value = false
        resolve()
      }
      if (signal.aborted) end()
      else signal.addEventListener('abort', end)
    })
  }

  private async open(signal: AbortSignal) {
    this.line?.close()
    this.line = undefined
    try {
      const access = await this.server.access(this.tab)
      if (signal.aborted) return
      this.line = await this.openLine(access, {
        registered: () => this.onLine('registered'),
        unregistered: () => this.onLine('unregistered'),
        refused: (cause) => this.refused(cause, signal),
        lost: () => {
          this.onLine('unregistered')
          this.openLater(signal)
        },
        invited: () => void this.invited(),
        confirmed: () => this.become('confirmed'),
        ended: (cause) => this.over(cause),
        sound: (stream) => this.hear(stream),
      })
    } catch (cause) {
      this.refused(cause instanceof Error ? cause.message : String(cause), signal)
    }
  }

  private onLine(event: 'registered' | 'unregistered') {
    if (event === 'registered') {
      this.failures = 0
      this.trouble.value = ''
    }
    this.become(event)
    void this.beat()
  }

  private refused(cause: string, signal: AbortSignal) {
    if (this.taken.value) return
    this.trouble.value = cause
    this.become('refused')
    void this.beat()
    this.openLater(signal)
  }

  /** Asks for fresh credentials, later each time. */
  private openLater(signal: AbortSignal) {
    clearTimeout(this.retry)
    if (signal.aborted || this.taken.value) return
    this.retry = setTimeout(() => {
      // A talk needs no registration; a new line would cut it.
      if (['ringing', 'answering', 'talking'].includes(this.state.value)) return this.openLater(signal)
      this.become('start')
      void this.open(signal)
    }, retryAfter(this.failures++))
  }

  private async invited() {
    this.become('invited')
    this.ring.start()
    const call = await this.server.current().catch(() => null)
    if (this.state.value === 'ringing' && answersItself(call)) this.answer()
  }

  private over(cause: string) {
    this.trouble.value = /User Denied Media/i.test(cause) ? cause : ''
    this.muted.value = false
    this.remote.value = null
    this.speaker.srcObject = null
    this.become('ended')
  }

  private hear(stream: MediaStream) {
    this.remote.value = stream
    this.speaker.srcObject = stream
    void this.speaker.play().catch(() => {})
  }

  private async tryMicrophone() {
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: true })
      for (const track of sound.getTracks()) track.stop()
      this.deaf.value = false
    } catch {
      this.deaf.value = true
    }
  }

  private async beat() {
    if (!this.leads.value || this.beating || this.taken.value) return
    this.beating = true
    const registered = !['off', 'connecting', 'failed', 'elsewhere'].includes(this.state.value)
    const answer = await this.server.beat(registered, this.tab).catch(() => null)
    this.beating = false
    if (answer && !answer.leads) this.giveWay()
  }

  /** The same person has opened the telephone elsewhere: the newer one has it. */
  private giveWay() {
    if (this.taken.value) return
    this.taken.value = true
    clearTimeout(this.retry)
    this.line?.close()
    this.line = undefined
    this.become('refused')
  }

  /** Takes the telephone back to this browser. */
  takeBack() {
    this.stop()
    this.taken.value = false
    this.start()
  }

  private become(event: PhoneEvent) {
    const next = step(this.state.value, event)
    if (next === this.state.value) return
    this.state.value = next
    if (next !== 'ringing') this.ring.stop()
    this.tell()
  }

  private tell() {
    if (!this.leads.value) return
    const { state, muted } = this
    this.tabs?.postMessage({ type: 'state', state: state.value, muted: muted.value } satisfies Told)
  }

  private ask(command: Command) {
    this.tabs?.postMessage({ type: 'do', command } satisfies Told)
  }

  private heard(told: Told) {
    if (told.type === 'state') {
      if (this.leads.value) return
      this.state.value = told.state
      this.muted.value = told.muted
      return
    }
    if (!this.leads.value) return
    if (told.command === 'tell') this.tell()
    else if (told.command === 'answer') this.answer()
    else if (told.command === 'hangUp') this.hangUp()
    else this.mute(told.command === 'mute')
  }
}
