import type { SoftphoneAccess } from '@hearthline/api'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { Line, LineEvents } from './ports'

/** The switch is on our own network: no helper servers are asked for a way. */
const PEER: RTCConfiguration = { iceServers: [] }

/** The address of the telephone's socket, on the server that gave us the page. */
export function socketUrl(path: string, page: Pick<Location, 'protocol' | 'host'>): string {
  if (/^wss?:/.test(path)) return path
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}${path}`
}

/** A line over JsSIP, which is loaded only when somebody has a telephone. */
export async function openSipLine(access: SoftphoneAccess, events: LineEvents): Promise<Line> {
  const { default: JsSIP } = await import('jssip')
  const agent = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(socketUrl(access.ws_url, location))],
    uri: `sip:${access.endpoint}@${access.realm}`,
    password: access.secret,
    register_expires: 120,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 8,
    user_agent: 'Hearthline',
  })
  let live: RTCSession | undefined
  let closed = false
  agent.on('registered', () => events.registered())
  agent.on('unregistered', () => events.unregistered())
  agent.on('disconnected', () => {
    if (closed) return
    // A talk's sound flows beside this socket, which returns by itself.
    if (live?.isEstablished()) return events.unregistered()
    // What rang here, or was on its way to ring, is gone with it: only a new line tells the server.
    closed = true
    const rang = live !== undefined
    live = undefined
    agent.stop()
    if (rang) events.ended('')
    events.lost()
  })
  agent.on('registrationFailed', (e: { cause?: string }) => events.refused(e.cause ?? ''))
  agent.on('newRTCSession', ({ session, originator }: { session: RTCSession; originator: string }) => {
    if (originator !== 'remote') return
    if (live) return session.terminate({ status_code: 486 })
    live = session
    follow(session, events, () => {
      const mine = live === session
      if (mine) live = undefined
      return mine
    })
    events.invited()
  })
  agent.start()
  return {
    answer: () =>
      live?.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: PEER }),
    hangUp: () => live?.terminate(),
    mute: (on) => (on ? live?.mute({ audio: true }) : live?.unmute({ audio: true })),
    close: () => {
      closed = true
      agent.stop()
    },
  }
}

/** `over` says whether the session was still the line's. */
function follow(session: RTCSession, events: LineEvents, over: () => boolean) {
  const end = (e: { cause?: string }) => {
    if (over()) events.ended(e.cause ?? '')
  }
  session.on('peerconnection', ({ peerconnection }: { peerconnection: RTCPeerConnection }) => {
    peerconnection.addEventListener('track', (event) => {
      events.sound(event.streams[0] ?? new MediaStream([event.track]))
    })
  })
  session.on('confirmed', () => events.confirmed())
  session.on('ended', end)
  session.on('failed', end)
}
