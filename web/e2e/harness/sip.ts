/**
 * A telephone on the trunk's side: it calls the house and is called by it, speaks a tone, presses
 * keys (RFC 4733), and remembers what it heard and when. Loopback loses nothing, so nothing is sent twice,
 * but for what the other side repeats.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { fromAlaw, toAlaw } from './sound'

const ALAW = 8
const DIGIT = 101
const KEYS = '0123456789*#ABCD'

/** How far a call is, seen from outside. */
export type Stage = 'trying' | 'ringing' | 'up' | 'ended'

interface Message {
  first: string
  headers: [string, string][]
  body: string
}

const name = () => randomBytes(6).toString('hex')

function parse(text: string): Message {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2)
  const [first = '', ...lines] = head.split('\r\n')
  return {
    first,
    headers: lines.map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]),
    body,
  }
}

const header = (message: Message, key: string) =>
  message.headers.find(([k]) => k.toLowerCase() === key.toLowerCase())?.[1] ?? ''
const inside = (address: string) => /<([^>]+)>/.exec(address)?.[1] ?? address
const userOf = (address: string) => /sip:([^@>;]+)@/.exec(address)?.[1] ?? ''

function session(port: number): string {
  return [
    'v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0',
    `m=audio ${port} RTP/AVP ${ALAW} ${DIGIT}`, `a=rtpmap:${ALAW} PCMA/8000`,
    `a=rtpmap:${DIGIT} telephone-event/8000`, `a=fmtp:${DIGIT} 0-16`, 'a=ptime:20', 'a=sendrecv', '',
  ].join('\r\n')
}

/** Mouth and ear of one call. */
class Sound {
  private readonly socket: Socket
  private peer: { host: string; port: number } | null = null
  private readonly source = randomBytes(4).readUInt32BE()
  private sequence = 1
  private time = 0
  private speech: Int16Array | null = null
  private spoken = 0
  private keys: number[] = []
  private pressing: { code: number; frame: number; from: number } | null = null
  private timer: NodeJS.Timeout | undefined
  private began = 0
  private frames = 0
  heard: number[] = []

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('message', (packet) => this.hear(packet))
    this.began = performance.now()
    this.timer = setInterval(() => this.tick(), 20)
  }

  static async open(): Promise<Sound> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new Sound(socket)
  }

  get port(): number {
    return this.socket.address().port
  }

  connect(body: string) {
    const host = /c=IN IP4 (\S+)/.exec(body)?.[1]
    const port = Number(/m=audio (\d+)/.exec(body)?.[1])
    if (host && port) this.peer = { host, port }
  }

  say(samples: Int16Array | null) {
    this.speech = samples
    this.spoken = 0
  }

  press(keys: string) {
    this.keys.push(...[...keys].map((key) => KEYS.indexOf(key)).filter((code) => code >= 0))
  }

  close() {
    clearInterval(this.timer)
    this.socket.close()
  }

  /** As many frames as the clock says are due: a busy machine must not slow the speech down. */
  private tick() {
    const due = Math.floor((performance.now() - this.began) / 20)
    for (; this.frames < due; this.frames++) this.send()
  }

  private send() {
    const packet = this.peer && this.next()
    this.time = (this.time + 160) >>> 0
    if (packet && this.peer) this.socket.send(packet, this.peer.port, this.peer.host)
  }

  private next(): Buffer {
    const code = this.keys[0]
    if (!this.pressing && code !== undefined) {
      this.keys.shift()
      this.pressing = { code, frame: 0, from: this.time }
    }
    if (this.pressing) {
      const { code: key, frame, from } = this.pressing
      const over = frame >= 5
      const payload = Buffer.from([key, (over ? 0x80 : 0) | 10, 0, 0])
      payload.writeUInt16BE(160 * Math.min(frame + 1, 6), 2)
      this.pressing.frame++
      if (frame >= 7) this.pressing = null
      return this.packet(DIGIT, from, payload, frame === 0)
    }
    const payload = Buffer.alloc(160, 0xd5)
    if (this.speech) {
      for (let n = 0; n < 160; n++) payload[n] = toAlaw(this.speech[this.spoken++ % this.speech.length] ?? 0)
    }
    return this.packet(ALAW, this.time, payload, false)
  }

  private packet(type: number, time: number, payload: Buffer, first: boolean): Buffer {
    const head = Buffer.alloc(12)
    head[0] = 0x80
    head[1] = type | (first ? 0x80 : 0)
    head.writeUInt16BE(this.sequence++ & 0xffff, 2)
    head.writeUInt32BE(time, 4)
    head.writeUInt32BE(this.source, 8)
    return Buffer.concat([head, payload])
  }

  private hear(packet: Buffer) {
    if (packet.length <= 12 || ((packet[1] ?? 0) & 0x7f) !== ALAW) return
    for (let n = 12; n < packet.length; n++) this.heard.push(fromAlaw(packet[n] ?? 0xd5))
  }
}

/** One call of this telephone. */
export class Call {
  stage: Stage = 'trying'
  /** SIP status that ended it; 200 for a telephone put down. */
  status = 0
  /** When it was invited, rang, was answered and ended, milliseconds since 1970. */
  readonly at: Partial<Record<'invited' | 'ringing' | 'up' | 'ended', number>> = { invited: Date.now() }
  /** Whether this side put the telephone down. */
  hungUp = false
  localTag = name()
  remote = ''
  target = ''
  cseq = 1
  branch = `z9hG4bK${name()}`
  invite: Message | null = null
  peer: { host: string; port: number }
  private readonly waiting: (() => void)[] = []

  constructor(
    private readonly phone: Phone,
    readonly id: string,
    readonly sound: Sound,
    readonly ours: boolean,
    /** The caller's number. */
    readonly caller: string,
    /** The number called. */
    readonly called: string,
    peer: { host: string; port: number },
  ) {
    this.peer = peer
  }

  become(stage: Stage, status = 0) {
    if (this.stage === 'ended' || this.stage === stage) return
    this.stage = stage
    if (stage !== 'trying') this.at[stage] ??= Date.now()
    if (stage === 'ended') {
      this.status = status
      this.sound.close()
    }
    for (const wake of this.waiting.splice(0)) wake()
  }

  /** Waits until the call is so far, or over. */
  async until(stage: Stage, patience = 20_000): Promise<void> {
    const deadline = Date.now() + patience
    while (this.stage !== stage) {
      if (this.stage === 'ended') throw new Error(`the call ended (${this.status}) before it was ${stage}`)
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`the call is ${this.stage}, not ${stage}, after ${patience} ms`)
      await new Promise<void>((wake) => {
        const timer = setTimeout(wake, left)
        this.waiting.push(() => (clearTimeout(timer), wake()))
      })
    }
  }

  say = (samples: Int16Array | null) => this.sound.say(samples)
  press = (keys: string) => this.sound.press(keys)
  /** All that was heard so far. */
  get heard(): readonly number[] {
    return this.sound.heard
  }

  /** Puts the telephone down at any stage: cancels, or says goodbye. */
  hangUp() {
    if (this.stage === 'ended') return
    this.hungUp = true
    if (this.stage === 'up') {
      this.phone.request(this, 'BYE')
      this.become('ended', 200)
    } else if (this.ours) this.phone.cancel(this)
    else {
      this.phone.reply(this, '486 Busy Here')
      this.become('ended', 486)
    }
  }

  /** Takes the telephone off the hook. */
  answer() {
    if (this.ours || this.stage !== 'ringing') return
    this.phone.reply(this, '200 OK', session(this.sound.port))
    this.become('up')
  }
}

/** A telephone with an address of its own. */
export class Phone {
  readonly calls = new Map<string, Call>()
  /** Calls that ring here. */
  private readonly rung: Call[] = []
  private readonly hearers: ((call: Call) => void)[] = []

  private constructor(
    private readonly socket: Socket,
    private readonly house: { host: string; port: number },
  ) {
    socket.on('message', (data, from) => {
      const text = data.toString('utf8')
      if (text.trim()) this.take(parse(text), { host: from.address, port: from.port })
    })
  }

  /** A telephone on `port` whose calls go to the switch at `sipPort`. */
  static async open(port: number, sipPort: number): Promise<Phone> {
    const socket = createSocket('udp4')
    socket.bind(port, '127.0.0.1')
    await once(socket, 'listening')
    return new Phone(socket, { host: '127.0.0.1', port: sipPort })
  }

  get port(): number {
    return this.socket.address().port
  }

  close() {
    for (const call of this.calls.values()) call.hangUp()
    for (const call of this.calls.values()) call.become('ended', 0)
    this.socket.close()
  }

  /** Dials `called`, showing `caller`. */
  async call(caller: string, called: string): Promise<Call> {
    const call = new Call(this, name(), await Sound.open(), true, caller, called, this.house)
    call.target = `sip:${called}@${this.house.host}:${this.house.port}`
    call.remote = `<${call.target}>`
    this.calls.set(call.id, call)
    this.request(call, 'INVITE', session(call.sound.port))
    return call
  }

  /** The next call that rings here and nobody has taken yet. */
  async rings(patience = 20_000): Promise<Call> {
    const call = this.rung.shift()
    if (call) return call
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.hearers.splice(this.hearers.indexOf(hear), 1)
        reject(new Error(`nothing rang outside for ${patience} ms`))
      }, patience)
      const hear = (next: Call) => (clearTimeout(timer), resolve(next))
      this.hearers.push(hear)
    })
  }

  /** How many calls rang here in all. */
  get ringCount(): number {
    return [...this.calls.values()].filter((call) => !call.ours).length
  }

  request(call: Call, method: string, body = '') {
    if (method !== 'INVITE') {
      call.cseq++
      call.branch = `z9hG4bK${name()}`
    }
    this.transmit(call, method, call.branch, call.cseq, body)
  }

  cancel(call: Call) {
    this.transmit(call, 'CANCEL', call.branch, call.cseq, '')
  }

  reply(call: Call, status: string, body = '') {
    if (call.invite) this.send(this.response(call.invite, status, call.localTag, body), call.peer)
  }

  private transmit(call: Call, method: string, branch: string, cseq: number, body: string) {
    const local = `<sip:${call.ours ? call.caller : call.called}@127.0.0.1:${this.port}>`
    const lines = [
      `${method} ${call.target} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=${branch};rport`,
      `From: ${local};tag=${call.localTag}`,
      `To: ${call.remote}`,
      `Call-ID: ${call.id}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${local}`,
      'Max-Forwards: 70',
    ]
    this.send(finish(lines, body), call.peer)
  }

  private response(request: Message, status: string, tag: string, body: string): string {
    const copied = ['via', 'from', 'to', 'call-id', 'cseq', 'record-route']
    const lines = [`SIP/2.0 ${status}`]
    for (const [key, value] of request.headers) {
      if (!copied.includes(key.toLowerCase())) continue
      const needsTag = key.toLowerCase() === 'to' && !value.includes(';tag=')
      lines.push(`${key}: ${value}${needsTag ? `;tag=${tag}` : ''}`)
    }
    lines.push(`Contact: <sip:127.0.0.1:${this.port}>`)
    return finish(lines, body)
  }

  private send(text: string, peer: { host: string; port: number }) {
    this.socket.send(text, peer.port, peer.host)
  }

  private take(message: Message, from: { host: string; port: number }) {
    const call = this.calls.get(header(message, 'Call-ID'))
    const status = /^SIP\/2\.0 (\d{3})/.exec(message.first)?.[1]
    if (status) {
      if (call) this.answered(call, message, Number(status))
    } else void this.asked(call, message, from)
  }

  private answered(call: Call, message: Message, status: number) {
    if (!header(message, 'CSeq').endsWith('INVITE')) return
    if (status >= 180 && status < 200) return call.become('ringing')
    if (status < 200) return
    if (status < 300) {
      // Hung up while the answer was on its way.
      if (call.hungUp) setTimeout(() => call.hangUp(), 0)
      call.remote = header(message, 'To')
      call.target = inside(header(message, 'Contact')) || call.target
      call.sound.connect(message.body)
      this.transmit(call, 'ACK', `z9hG4bK${name()}`, call.cseq, '')
      return call.become('up')
    }
    const remote = call.remote
    call.remote = header(message, 'To')
    this.transmit(call, 'ACK', call.branch, call.cseq, '')
    call.remote = remote
    call.become('ended', status)
  }

  private async asked(call: Call | undefined, message: Message, from: { host: string; port: number }) {
    const method = message.first.split(' ')[0]
    const tag = call?.localTag ?? name()
    const say = (status: string, body = '') => this.send(this.response(message, status, tag, body), from)
    if (method === 'ACK') return
    if (method === 'INVITE' && !call) return this.rung_(message, from)
    if (!call) return say(method === 'OPTIONS' ? '200 OK' : '481 Call Does Not Exist')
    if (method === 'INVITE') {
      // Asked again within the call: where the sound goes may have moved.
      if (call.stage !== 'up') return say('180 Ringing')
      call.sound.connect(message.body)
      return say('200 OK', session(call.sound.port))
    }
    say('200 OK')
    if (method === 'BYE') call.become('ended', 200)
    if (method === 'CANCEL') {
      this.reply(call, '487 Request Terminated')
      call.become('ended', 487)
    }
  }

  private async rung_(message: Message, from: { host: string; port: number }) {
    const id = header(message, 'Call-ID')
    const identity = header(message, 'P-Asserted-Identity') || header(message, 'From')
    const called = userOf(message.first.split(' ')[1] ?? '') || userOf(header(message, 'To'))
    const sound = await Sound.open()
    if (this.calls.has(id)) return sound.close()
    const call = new Call(this, id, sound, false, userOf(identity), called, from)
    call.invite = message
    call.remote = header(message, 'From')
    call.target = inside(header(message, 'Contact'))
    call.cseq = 1000
    sound.connect(message.body)
    this.calls.set(id, call)
    this.reply(call, '180 Ringing')
    call.become('ringing')
    const hearer = this.hearers.shift()
    if (hearer) hearer(call)
    else this.rung.push(call)
  }
}

function finish(lines: string[], body: string): string {
  const all = [...lines]
  if (body) all.push('Content-Type: application/sdp')
  all.push(`Content-Length: ${Buffer.byteLength(body)}`, '', body)
  return all.join('\r\n')
}
