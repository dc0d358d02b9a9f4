/** One house for a test: a demonstration city, PostgreSQL and Asterisk of its own, on ports of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { until } from './until'

const run = promisify(execFile)
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
export const PASSWORD = 'Nuanxian-2026'
export const SERVICE_NUMBER = '95700'
const BINARY = process.env.HEARTHLINE_BIN ?? join(ROOT, 'target/debug/hearthline')
const HOST = '127.0.0.1'

/** The ports of one house. */
export interface Ports {
  http: number
  ari: number
  sip: number
  trunk: number
  /** First of the 400 for sound. */
  rtp: number
}

function portsFrom(base: number): Ports {
  return { rtp: base, http: base + 800, ari: base + 808, sip: base + 850, trunk: base + 860 }
}

async function tcpIsFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', () => done(false))
    server.listen(port, HOST, () => server.close(() => done(true)))
  })
}

async function udpIsFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  return new Promise((done) => {
    socket.once('error', () => done(false))
    socket.bind(port, HOST, () => socket.close(() => done(true)))
  })
}

/** The ports that the seed gives, or the next that nobody uses. */
async function freePorts(seed: number): Promise<Ports> {
  for (let n = 0; n < 30; n++) {
    const ports = portsFrom(21_000 + 1_000 * ((seed + n) % 10))
    const free = await Promise.all([tcpIsFree(ports.http), tcpIsFree(ports.ari), udpIsFree(ports.sip), udpIsFree(ports.trunk), udpIsFree(ports.rtp)])
    if (free.every(Boolean)) return ports
  }
  throw new Error('no free ports for a house')
}

export interface Plan {
  /** The same seed gives the same city and, where they are free, the same ports. */
  seed: number
  accounts?: number
}

export class House {
  private server: ChildProcess | undefined
  private said = ''

  private constructor(
    readonly dir: string,
    readonly ports: Ports,
  ) {}

  /** Starts a house and waits until it is ready. */
  static async start({ seed, accounts = 500 }: Plan): Promise<House> {
    const dir = mkdtempSync(join(tmpdir(), 'hearthline-e2e-'))
    // PostgreSQL runs as another user and must get there.
    chmodSync(dir, 0o755)
    const house = new House(dir, await freePorts(seed))
    // A copy: whoever builds meanwhile does not change the house under a test.
    copyFileSync(BINARY, join(dir, 'hearthline'))
    for (const app of ['desk', 'field', 'portal', 'wall']) {
      cpSync(join(ROOT, 'web/apps', app, 'dist'), join(dir, 'apps', app, 'dist'), { recursive: true })
    }
    writeFileSync(join(dir, 'house.toml'), house.configuration(seed, accounts))
    try {
      await house.open()
    } catch (error) {
      await house.stop()
      throw error
    }
    return house
  }

  private configuration(seed: number, accounts: number): string {
    const { http, ari, sip, trunk, rtp } = this.ports
    return [
      '[http]', `listen = "${HOST}:${http}"`, `web = "${join(this.dir, 'apps')}"`,
      '[data]', `dir = "${this.data}"`,
      '[telephony]', `http_port = ${ari}`, `sip_port = ${sip}`, `rtp_port = ${rtp}`, `trunk = "${HOST}:${trunk}"`,
      `prompts = "${join(ROOT, 'assets/prompts')}"`,
      '[demonstration]', 'enabled = true', `accounts = ${accounts}`, `seed = ${seed}`, '',
    ].join('\n')
  }

  get url(): string {
    return `http://${HOST}:${this.ports.http}`
  }

  get data(): string {
    return join(this.dir, 'data')
  }

  /** What the server printed so far. */
  get log(): string {
    return this.said
  }

  /** Starts the server; it starts or adopts the rest. */
  async open(): Promise<void> {
    const server = spawn(join(this.dir, 'hearthline'), ['serve', '--config', join(this.dir, 'house.toml')], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.server = server
    let mine = ''
    const hear = (data: Buffer) => {
      mine += data.toString()
      this.said += data.toString()
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
    await until('the house is ready', 90_000, () => {
      if (server.exitCode !== null) throw new Error(`the house did not start:\n${mine}`)
      return mine.includes('ready:')
    })
  }

  /** Kills the server on the spot; PostgreSQL, Asterisk and talks go on. */
  async killServer(): Promise<void> {
    const server = this.server
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const gone = new Promise((done) => server.once('exit', done))
    server.kill('SIGKILL')
    await gone
  }

  /** Kills the server and starts it again. */
  async crash(): Promise<void> {
    await this.killServer()
    await this.open()
  }

  /** Kills PostgreSQL on the spot, as a power cut would. */
  async killPostgres(): Promise<void> {
    const pid = this.postgresPid()
    if (!pid) throw new Error('PostgreSQL does not run')
    // The children first learn of it by themselves; ours is the postmaster.
    process.kill(pid, 'SIGKILL')
    await until('PostgreSQL is dead', 10_000, () => !isAlive(pid))
  }

  /** Waits until the house has its database back by itself. */
  async backWithPostgres(): Promise<void> {
    await until('the house has its database again', 60_000, async () => {
      const answer = await fetch(`${this.url}/healthz`).catch(() => null)
      return answer?.ok
    })
  }

  /** Kills Asterisk on the spot, with every call in it. */
  async killAsterisk(): Promise<void> {
    const pid = this.asteriskPid()
    if (!pid) throw new Error('Asterisk does not run')
    process.kill(pid, 'SIGKILL')
    await until('Asterisk is dead', 10_000, () => !isAlive(pid))
  }

  /** Stops everything in order, makes sure that nothing is left, and removes the folder. */
  async stop(): Promise<void> {
    const socket = this.postgresSocket()
    const server = this.server
    if (server && server.exitCode === null && server.signalCode === null) {
      const gone = new Promise<void>((done) => server.once('exit', () => done()))
      server.kill('SIGTERM')
      await Promise.race([gone, new Promise((done) => setTimeout(done, 25_000))])
      server.kill('SIGKILL')
    }
    for (const pid of [this.asteriskPid(), this.postgresPid()]) if (pid) process.kill(pid, 'SIGKILL')
    await until('nothing is left running', 15_000, () => !this.asteriskPid() && !this.postgresPid())
    if (process.env.HEARTHLINE_KEEP) console.log(`kept: ${this.dir}`)
    else rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 })
    if (socket?.startsWith('/tmp/hearthline-')) rmSync(socket, { recursive: true, force: true })
  }

  /** Rows of the database, each an array of texts. */
  async rows(query: string): Promise<string[][]> {
    const socket = this.postgresSocket()
    if (!socket) throw new Error('PostgreSQL does not run')
    const { stdout } = await run('psql', ['-h', socket, '-U', 'hearthline', '-d', 'hearthline', '-AtX', '-F', '\x1f', '-c', query])
    return stdout.split('\n').filter(Boolean).map((line) => line.split('\x1f'))
  }

  /** The one value that the query gives. */
  async value(query: string): Promise<string> {
    return (await this.rows(query))[0]?.[0] ?? ''
  }

  private postmaster(line: number): string | undefined {
    const file = join(this.data, 'postgres/data/postmaster.pid')
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n')[line]?.trim() : undefined
  }

  postgresPid(): number | null {
    const pid = Number(this.postmaster(0))
    return pid > 1 && isAlive(pid) ? pid : null
  }

  private postgresSocket(): string | undefined {
    return this.postmaster(4)
  }

  asteriskPid(): number | null {
    const etc = join(this.data, 'asterisk/etc/asterisk.conf')
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue
      const words = commandOf(entry)
      if (words.includes(etc) && words.includes('-C') && isAlive(Number(entry))) return Number(entry)
    }
    return null
  }
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Whether the process runs; one that waits to be buried does not. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
  } catch {
    return false
  }
}
