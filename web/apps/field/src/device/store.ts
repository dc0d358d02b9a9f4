/** What the phone keeps beside the queue: last answers, drafts, positions not yet sent. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Draft } from '../tasks/model'

export interface Point {
  lng: number
  lat: number
  accuracy_m: number
  at: string
}

interface DeviceSchema extends DBSchema {
  answers: { key: string; value: { key: string; person: string; value: unknown; at: number } }
  drafts: { key: string; value: Draft & { key: string; at: number } }
  points: { key: number; value: Point & { n?: number; person: string } }
}

/** More positions than this are not kept: the oldest go, the track gets a gap that shows. */
const MOST_POINTS = 3_000

/** One person's draft for one order. */
export const draftKey = (person: string, order: string) => `${person} ${order}`

export class DeviceStore {
  private constructor(private readonly db: IDBPDatabase<DeviceSchema>) {}

  static async open(name = 'hearthline-device'): Promise<DeviceStore> {
    const db = await openDB<DeviceSchema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('answers', { keyPath: 'key' })
        fresh.createObjectStore('drafts', { keyPath: 'key' })
        fresh.createObjectStore('points', { keyPath: 'n', autoIncrement: true })
      },
    })
    return new DeviceStore(db)
  }

  /** The server's last answer to a question, so that it can be read in a cellar. */
  async keepAnswer(person: string, question: unknown, value: unknown): Promise<void> {
    const key = `${person} ${JSON.stringify(question)}`
    const plain = JSON.parse(JSON.stringify(value)) as unknown
    await this.db.put('answers', { key, person, value: plain, at: Date.now() })
  }

  async answersOf(person: string): Promise<{ question: unknown[]; value: unknown; at: number }[]> {
    const all = await this.db.getAll('answers')
    return all
      .filter((row) => row.person === person)
      .map(({ key, value, at }) => ({
        question: JSON.parse(key.slice(person.length + 1)) as unknown[], value, at,
      }))
  }

  /** Customers' data leaves the phone with the person who was allowed to see it. */
  async forgetAnswers(): Promise<void> {
    await this.db.clear('answers')
  }

  async draft(key: string): Promise<Draft> {
    const kept = await this.db.get('drafts', key)
    return { cause: kept?.cause ?? null, note: kept?.note ?? '' }
  }

  async keepDraft(key: string, draft: Draft): Promise<void> {
    await this.db.put('drafts', { key, cause: draft.cause, note: draft.note, at: Date.now() })
  }

  async dropDraft(key: string): Promise<void> {
    await this.db.delete('drafts', key)
  }

  async addPoint(person: string, point: Point): Promise<void> {
    const tx = this.db.transaction('points', 'readwrite')
    if ((await tx.store.count()) >= MOST_POINTS) {
      const oldest = await tx.store.openCursor()
      await oldest?.delete()
    }
    await tx.store.add({ ...point, person })
    return tx.done
  }

  /** Up to 200 of a person's points, oldest first, and how to take them away once sent. */
  async pointsOf(person: string): Promise<{ points: Point[]; sent: () => Promise<void> }> {
    const rows = (await this.db.getAll('points'))
      .filter((row) => row.person === person)
      .slice(0, 200)
    const points = rows.map(({ lng, lat, accuracy_m, at }) => ({ lng, lat, accuracy_m, at }))
    const sent = async () => {
      const tx = this.db.transaction('points', 'readwrite')
      for (const { n } of rows) if (n !== undefined) await tx.store.delete(n)
      return tx.done
    }
    return { points, sent }
  }
}
