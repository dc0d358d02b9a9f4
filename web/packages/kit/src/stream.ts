import type { QueryClient } from '@tanstack/vue-query'
import { computed, readonly, ref } from 'vue'
import { now } from './clock'

/** What the server says about a change: what, never the data. */
export interface Change {
  kind: string
  subject: string
  subject_id: string
  matter_id?: string | null
}

/** The first words of the query keys that each domain's events make stale. */
const STALE: Record<string, string[]> = {
  identity: ['identity'],
  directory: ['directory', 'pop'],
  billing: ['billing', 'pop'],
  ledger: ['billing', 'ledger', 'pop'],
  order: ['orders', 'dispatch', 'field', 'insight', 'pop'],
  telephony: ['telephony', 'insight'],
  dispatch: ['dispatch', 'orders', 'insight'],
  field: ['field', 'orders', 'dispatch', 'insight'],
  channels: ['channels', 'orders'],
  notice: ['notices', 'pop', 'insight'],
}

/** Telephone events that show on an order or a pop too; most (rings, seats) do not. */
const CALL_MATTERS = new Set(['ended', 'recording_stored', 'identified'])

/** A domain's own name for its keys, where its events are named after their subject. */
const PLURAL: Record<string, string> = { orders: 'order', notices: 'notice' }

/** Which queries an event makes stale. */
export function staleAfter(kind: string): string[] {
  const [first = '', what = ''] = kind.split('.')
  const roots = STALE[PLURAL[first] ?? first] ?? []
  return first === 'telephony' && CALL_MATTERS.has(what) ? [...roots, 'orders', 'pop'] : roots
}

/** Changes that come close together make one refetch, and a storm makes one each half second. */
export class Invalidator {
  private waiting = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private lastMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly invalidate: (root: string) => void,
    private readonly gatherMs = 40,
    private readonly atMostEachMs = 500,
  ) {}

  note(kind: string) {
    for (const root of staleAfter(kind)) this.waiting.add(root)
    if (this.waiting.size === 0 || this.timer !== undefined) return
    const sinceLast = performance.now() - this.lastMs
    this.timer = setTimeout(() => this.flush(), Math.max(this.gatherMs, this.atMostEachMs - sinceLast))
  }

  private flush() {
    this.timer = undefined
    this.lastMs = performance.now()
    const roots = [...this.waiting]
    this.waiting.clear()
    for (const root of roots) this.invalidate(root)
  }
}

export type StreamState = 'connecting' | 'live' | 'offline'

const state = ref<StreamState>('connecting')
const heardAt = ref(0)
const listeners = new Set<(change: Change) => void>()

/** The stream as a page sees it. */
export const stream = {
  state: readonly(state),
  /** When we last heard of the server, in milliseconds. */
  heardAt: readonly(heardAt),
  live: computed(() => state.value === 'live'),
}

/** Hears every change; returns the way to stop. */
export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const LOCK = 'hl-stream'

type Told = { type: 'state'; state: StreamState } | { type: 'change'; change: Change } | { type: 'ask' }

/**
 * Opens the live stream for this browser. Browsers allow few connections to one server, so one tab
 * holds the stream and tells the others; when it goes, another takes over.
 */
export function openStream(queries: QueryClient, url = '/api/stream'): () => void {
  const ended = new AbortController()
  const tabs = new BroadcastChannel(LOCK)
  const invalidator = new Invalidator((root) => void queries.invalidateQueries({ queryKey: [root] }))
  let leads = false

  const hear = (change: Change) => {
    heardAt.value = now()
    invalidator.note(change.kind)
    for (const listener of listeners) listener(change)
  }
  const become = (next: StreamState) => {
    const back = next === 'live' && state.value === 'offline'
    state.value = next
    if (next === 'live') heardAt.value = now()
    // What happened meanwhile is unknown: everything may be stale.
    if (back) void queries.invalidateQueries()
  }
  tabs.onmessage = ({ data }: MessageEvent<Told>) => {
    if (data.type === 'change') hear(data.change)
    else if (data.type === 'state') become(data.state)
    else if (leads) tabs.postMessage({ type: 'state', state: state.value } satisfies Told)
  }
  tabs.postMessage({ type: 'ask' } satisfies Told)

  const lead = () => {
    leads = true
    const source = connect(url, {
      state: (next) => {
        become(next)
        tabs.postMessage({ type: 'state', state: next } satisfies Told)
      },
      change: (change) => {
        hear(change)
        tabs.postMessage({ type: 'change', change } satisfies Told)
      },
    })
    return new Promise<void>((resolve) =>
      ended.signal.addEventListener('abort', () => (source(), resolve())),
    )
  }
  // Without a secure context there are no locks: then each tab holds its own stream.
  if (navigator.locks) navigator.locks.request(LOCK, { signal: ended.signal }, lead).catch(() => {})
  else void lead()
  return () => {
    ended.abort()
    tabs.close()
    state.value = 'connecting'
  }
}

interface Hears {
  state(next: StreamState): void
  change(change: Change): void
}

/** Milliseconds until the next try, by how many failed before. */
export const reconnectAfter = (failures: number) => Math.min(10_000, 500 * 2 ** failures)

function connect(url: string, hears: Hears): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  const open = () => {
    source = new EventSource(url)
    const alive = () => {
      failures = 0
      hears.state('live')
    }
    source.addEventListener('hello', alive)
    source.addEventListener('open', alive)
    source.addEventListener('changed', (event) => {
      try {
        hears.change(JSON.parse((event as MessageEvent<string>).data) as Change)
      } catch {
        // A line that we cannot read tells nothing that a refetch would not.
      }
    })
    // The server skipped some news: like after an absence, everything may be stale.
    source.addEventListener('lagged', () => {
      hears.state('offline')
      hears.state('live')
    })
    source.addEventListener('error', () => {
      source?.close()
      hears.state('offline')
      timer = setTimeout(open, reconnectAfter(failures++))
    })
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
