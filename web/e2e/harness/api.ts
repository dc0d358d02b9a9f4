/** The house's API as one signed-in person: what a test looks up beside the screens. */
import { randomUUID } from 'node:crypto'
import { type House, PASSWORD } from './house'

export class Api {
  private constructor(
    private readonly house: House,
    private readonly cookie: string,
  ) {}

  static async signIn(house: House, login: string, app: 'desk' | 'field' | 'wall' = 'desk'): Promise<Api> {
    const answer = await fetch(`${house.url}/api/identity/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password: PASSWORD, app }),
    })
    if (!answer.ok) throw new Error(`${login} cannot sign in: ${answer.status} ${await answer.text()}`)
    const cookie = answer.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ')
    return new Api(house, cookie)
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.ask(path)
    return (await answer.json()) as T
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.ask(path)).arrayBuffer())
  }

  async send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body: unknown = {}): Promise<T> {
    const answer = await this.ask(path, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as T
  }

  private async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(`${this.house.url}/api${path}`, { ...init, headers: { ...init.headers, cookie: this.cookie } })
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
}
