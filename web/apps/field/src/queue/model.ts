/** What the repairer did on this phone and the server has not confirmed yet. */

/** Steps and proofs that travel to the server, each as one request. */
export type ActionKind =
  | 'accept'
  | 'set_out'
  | 'arrive'
  | 'return'
  | 'evidence'
  | 'temperature'
  | 'finish'
  /** On or off duty: belongs to no order. */
  | 'shift'

/** Who did it: the server takes it only under this person's session. */
export interface Person {
  id: string
  name: string
}

/** The order as the queue page must name it, even when it is no longer in anybody's list. */
export interface OrderLabel {
  id: string
  no: string
  address: string
}

/** A picture, a signature, sound or film that waits in the `photos` store until the server has named the same hash. */
export interface Photo {
  id: string
  sha256: string
  size: number
  name: string
  purpose: 'photo' | 'signature' | 'audio' | 'video'
  /** Idempotency-Key of the upload; a new one after the server stored other bytes. */
  upload_key: string
  /** Set once the server has acknowledged the hash. */
  file_id?: string
}

/** Why the server refused for good, in its own words; `device.*` is said by the catalogue. */
export interface Refusal {
  status: number
  code: string
  zh: string
  en: string
}

/** Why the last attempt did not get through. */
export type Trouble = 'network' | 'server' | 'hash'

export interface Item {
  /** Place in the line; given by the store, never reused. */
  seq: number
  /** Idempotency-Key of the request; of a proof also its id. */
  id: string
  owner: Person
  order: OrderLabel
  kind: ActionKind
  body: Record<string, unknown>
  photo?: Photo
  made_at: string
  attempts: number
  /** Epoch milliseconds before which it is not tried again. */
  not_before: number
  trouble?: Trouble
  refusal?: Refusal
}

export type NewItem = Pick<Item, 'id' | 'owner' | 'order' | 'kind' | 'body' | 'made_at'> & {
  photo?: Omit<Photo, 'upload_key' | 'file_id'> & { blob: Blob }
}

/** What came of one request. */
export type Outcome<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'signed_out' }
  | { kind: 'retry'; trouble: Trouble; after_ms?: number }

/** Strict order holds within a line: one person's doings on one order. */
export function lineOf(item: Pick<Item, 'owner' | 'order'>): string {
  return `${item.owner.id} ${item.order.id}`
}

/** The first item of each of this person's lines, oldest first; those behind it wait. */
export function heads(items: readonly Item[], person: string): Item[] {
  const seen = new Set<string>()
  const found: Item[] = []
  for (const item of [...items].sort((a, b) => a.seq - b.seq)) {
    const line = lineOf(item)
    if (item.owner.id !== person || seen.has(line)) continue
    seen.add(line)
    found.push(item)
  }
  return found
}

/** What the strip on top says about the queue. */
export interface Tally {
  /** On their way, or waiting behind something that is. */
  waiting: number
  /** Refused by the server: somebody must look. */
  refused: number
  /** Waiting for other people to sign in again, by name. */
  others: { name: string; n: number }[]
}

export function tally(items: readonly Item[], person: string | null): Tally {
  const others = new Map<string, { name: string; n: number }>()
  let waiting = 0
  let refused = 0
  for (const item of items) {
    if (item.owner.id !== person) {
      const row = others.get(item.owner.id) ?? { name: item.owner.name, n: 0 }
      row.n += 1
      others.set(item.owner.id, row)
    } else if (item.refusal) refused += 1
    else waiting += 1
  }
  return { waiting, refused, others: [...others.values()] }
}

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** Waiting time before attempt `attempts + 1`: doubling, at most a minute, spread by ±20 %. */
export function backoff(attempts: number, chance: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1))
  return Math.round(base * (0.8 + 0.4 * chance))
}
