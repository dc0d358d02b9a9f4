/** The browser as a customer's telephone: SIP over our own WebSocket, sound over WebRTC. */
import type { DemoCaller } from '@hearthline/api'
import JsSIP from 'jssip'
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from 'jssip/lib/UA'
import type { EndEvent, RTCSession } from 'jssip/lib/RTCSession'
import { readonly, ref, shallowRef } from 'vue'
import { causeOf, type Cause } from './cause'

export type CallState = 'idle' | 'connecting' | 'dialing' | 'ringing' | 'incoming' | 'talking' | 'ended'

export interface Talk {
  /** Whom the other side is, as we know it. */
  number: string
  /** Which number was called, when this telephone stands for all of them. */
  to: string
  since: number | null
  seconds: number
  digits: string
  muted: boolean
  cause: Cause | null
}

const FRESH: Talk = { number: '', to: '', since: null, seconds: 0, digits: '', muted: false, cause: null }
const SOUND = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } }

export function createCaller(demo: DemoCaller, here: Location = location) {
  const state = ref<CallState>('idle')
  const talk = ref<Talk>({ ...FRESH })
  /** Sound of the other side, once it flows. */
  const remote = shallowRef<MediaStream | null>(null)
  /** Sound of this side. */
  const local = shallowRef<MediaStream | null>(null)

  const account = demo.accounts[Math.floor(Math.random() * demo.accounts.length)]
  /** Whether the telephone is registered: calls to it ring here. */
  const reachable = ref(false)
  let session: RTCSession | null = null
  /** Whether this side has hung up. */
  let asked = false
  const ua = account ? telephone(account) : null

  function telephone({ endpoint, secret }: { endpoint: string; secret: string }) {
    const url = new URL(demo.ws_url, here.href)
    url.protocol = here.protocol === 'https:' ? 'wss:' : 'ws:'
    const made = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url.href)],
      uri: `sip:${endpoint}@${here.hostname}`,
      password: secret,
      session_timers: false,
      user_agent: 'Hearthline caller',
    })
    made.on('registered', () => (reachable.value = true))
    made.on('unregistered', () => (reachable.value = false))
    made.on('disconnected', () => (reachable.value = false))
    made.on('newRTCSession', (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      if (event.originator === 'remote') incoming(event.session)
    })
    made.start()
    return made
  }

  function incoming(next: RTCSession) {
    if (session) return next.terminate({ status_code: 486 })
    follow(next)
    const { uri, display_name } = next.remote_identity
    talk.value = { ...FRESH, number: uri.user ?? '', to: /^\+?\d+$/.test(display_name) ? display_name : '' }
    state.value = 'incoming'
  }

  /** Calls the service number as `number`: the trunk's word for it is P-Asserted-Identity. */
  function call(number: string) {
    if (!ua || session) return
    talk.value = { ...FRESH, number: demo.service_number }
    state.value = 'connecting'
    const identity = `P-Asserted-Identity: <sip:${number}@${here.hostname}>`
    const to = `sip:${demo.service_number}@${here.hostname}`
    follow(ua.call(to, { ...SOUND, extraHeaders: [identity] }))
  }

  function follow(next: RTCSession) {
    session = next
    asked = false
    remote.value = null
    const listen = (connection: RTCPeerConnection) =>
      connection.addEventListener('track', (e) => (remote.value = e.streams[0] ?? new MediaStream([e.track])))
    if (next.connection) listen(next.connection)
    next.on('peerconnection', ({ peerconnection }) => listen(peerconnection))
    next.on('sending', () => state.value === 'connecting' && (state.value = 'dialing'))
    next.on('progress', () => state.value === 'dialing' && (state.value = 'ringing'))
    next.on('confirmed', () => {
      state.value = 'talking'
      talk.value = { ...talk.value, since: Date.now() }
      const tracks = next.connection.getSenders().flatMap((s) => (s.track ? [s.track] : []))
      local.value = new MediaStream(tracks)
    })
    next.on('ended', (event: EndEvent) => over(next, event))
    next.on('failed', (event: EndEvent) => over(next, event))
  }

  function over(which: RTCSession, event: EndEvent) {
    if (which !== session) return
    session = null
    const since = talk.value.since
    const seconds = since === null ? 0 : Math.round((Date.now() - since) / 1000)
    talk.value = { ...talk.value, seconds, cause: causeOf(event.cause, event.originator, asked) }
    state.value = 'ended'
    remote.value = null
    local.value = null
  }

  /** A key of the menu: a real telephone event in the sound (RFC 4733). */
  function press(digit: string) {
    if (!session || state.value !== 'talking') return
    session.sendDTMF(digit, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833 })
    talk.value = { ...talk.value, digits: talk.value.digits + digit }
  }

  function mute() {
    if (!session) return
    if (talk.value.muted) session.unmute({ audio: true })
    else session.mute({ audio: true })
    talk.value = { ...talk.value, muted: !talk.value.muted }
  }

  const answer = () => session?.answer(SOUND)
  const hangUp = () => {
    asked = true
    session?.terminate()
  }
  const close = () => {
    hangUp()
    ua?.stop()
  }

  return { state: readonly(state), talk: readonly(talk), reachable: readonly(reachable), remote, local, call, answer, hangUp, press, mute, close }
}
