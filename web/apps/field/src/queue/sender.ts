/** Carries the queue to the server: strict order in a line, and nothing let go unconfirmed. */
import { backoff, heads, type Item, type Outcome, type Photo, type Refusal, type Trouble } from './model'
import type { QueueStore } from './store'

/** The server, as the queue needs it. */
export interface Transport {
  upload(photo: Photo, blob: Blob): Promise<Outcome<{ id: string; sha256: string }>>
  act(item: Item): Promise<Outcome<unknown>>
}

export interface Surroundings {
  /** Who is signed in now, on whichever tab of this phone. */
  person(): string | null
  now(): number
  chance(): number
  newKey(): string
  /** Called after the server has confirmed an item. */
  confirmed(item: Item): void
}

/** How a pass ended: all sent, trouble on the line, or nobody signed in. */
export type Pass = 'rested' | 'cut_off' | 'signed_out'

/** A conflict is tried again a few times: somebody was writing at that moment. */
const CONFLICT_ATTEMPTS = 5

export class Sender {
  constructor(
    private readonly store: QueueStore,
    private readonly transport: Transport,
    private readonly around: Surroundings,
  ) {}

  /** Sends all that may leave now. */
  async pass(): Promise<Pass> {
    for (;;) {
      const person = this.around.person()
      if (person === null) return 'signed_out'
      const item = await this.next(person)
      if (!item) return 'rested'
      const outcome = await this.send(item)
      switch (outcome.kind) {
        case 'ok':
          this.around.confirmed(item)
          await this.store.remove(item.seq)
          break
        case 'refused':
          await this.refuse(item, outcome)
          break
        case 'signed_out':
          return 'signed_out'
        case 'retry':
          await this.postpone(item, outcome.trouble, outcome.after_ms)
          if (outcome.trouble === 'network') return 'cut_off'
      }
    }
  }

  /** Milliseconds until something may be tried again; null when nothing waits for time. */
  async rest(): Promise<number | null> {
    const person = this.around.person()
    if (person === null) return null
    const due = heads(await this.store.all(), person)
      .filter((item) => !item.refusal)
      .map((item) => item.not_before - this.around.now())
    return due.length === 0 ? null : Math.max(0, Math.min(...due))
  }

  private async next(person: string): Promise<Item | undefined> {
    const now = this.around.now()
    return heads(await this.store.all(), person).find(
      (item) => !item.refusal && item.not_before <= now,
    )
  }

  private async send(item: Item): Promise<Outcome<unknown>> {
    if (item.photo && !item.photo.file_id) {
      const uploaded = await this.upload(item, item.photo)
      if (uploaded.kind !== 'ok') return uploaded
      return this.transport.act(uploaded.value)
    }
    return this.transport.act(item)
  }

  /** Uploads the picture; only an answer that names the same hash counts. */
  private async upload(item: Item, photo: Photo): Promise<Outcome<Item>> {
    const blob = await this.store.photo(photo.id)
    if (!blob) return { kind: 'refused', refusal: LOST }
    const answer = await this.transport.upload(photo, blob)
    if (answer.kind !== 'ok') return answer
    if (answer.value.sha256.toLowerCase() !== photo.sha256) {
      const again = { ...photo, upload_key: this.around.newKey() }
      await this.store.update(item.seq, { photo: again })
      return { kind: 'retry', trouble: 'hash' }
    }
    const stored = { ...photo, file_id: answer.value.id }
    await this.store.update(item.seq, { photo: stored })
    return { kind: 'ok', value: { ...item, photo: stored } }
  }

  private async refuse(item: Item, outcome: Extract<Outcome<unknown>, { kind: 'refused' }>) {
    if (outcome.refusal.status === 409 && item.attempts < CONFLICT_ATTEMPTS) {
      return this.postpone(item, 'server')
    }
    return this.store.update(item.seq, { refusal: outcome.refusal, trouble: undefined })
  }

  private async postpone(item: Item, trouble: Trouble, after_ms?: number): Promise<void> {
    const attempts = item.attempts + 1
    const wait = Math.max(after_ms ?? 0, backoff(attempts, this.around.chance()))
    await this.store.update(item.seq, {
      attempts,
      trouble,
      not_before: this.around.now() + wait,
    })
  }
}

/** The system threw the picture away (storage cleared half way): said, not hidden. */
const LOST: Refusal = { status: 0, code: 'device.photo_lost', zh: '', en: '' }
