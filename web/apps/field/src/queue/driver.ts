/** Keeps the queue moving: wakes it when something is added, when time has passed, when the network is back. */
import { ref, type Ref } from 'vue'
import { backoff, type Item, type NewItem } from './model'
import { Sender, type Surroundings, type Transport } from './sender'
import type { QueueStore } from './store'

const LOCK = 'hearthline-queue'

export class Driver {
  /** Everything on this phone, whoever made it. */
  readonly items: Ref<Item[]> = ref([])
  /** Confirmed by the server, but not yet seen in its answers: still shown as done here. */
  readonly settling: Ref<Item[]> = ref([])
  private readonly sender: Sender
  private readonly tabs = new BroadcastChannel(LOCK)
  private timer: ReturnType<typeof setTimeout> | undefined
  private running = false
  private again = false
  private cuts = 0

  constructor(
    private readonly store: QueueStore,
    transport: Transport,
    person: () => string | null,
    /** Asks the server anew how these orders stand; true when it answered. */
    private readonly refetch: (orders: string[]) => Promise<boolean>,
  ) {
    const around: Surroundings = {
      person,
      now: () => Date.now(),
      chance: () => Math.random(),
      newKey: () => crypto.randomUUID(),
      confirmed: (item) => this.settling.value.push(item),
    }
    this.sender = new Sender(store, transport, around)
    this.tabs.onmessage = () => void this.show()
    addEventListener('online', () => void this.hurry())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.hurry()
    })
  }

  /** Puts it in; it is safe on the phone when this returns. */
  async add(entry: NewItem): Promise<void> {
    await this.store.add(entry, crypto.randomUUID())
    await this.tell()
    void this.run()
  }

  /** A person wants a refused item tried again. */
  async retry(seq: number): Promise<void> {
    await this.store.update(seq, { refusal: undefined, attempts: 0, not_before: 0 })
    await this.tell()
    void this.run()
  }

  /** A person gives an item up, with its picture. */
  async discard(seq: number): Promise<void> {
    await this.store.remove(seq)
    await this.tell()
    void this.run()
  }

  photo(id: string): Promise<Blob | undefined> {
    return this.store.photo(id)
  }

  /** The way may be free again: what waited for the network need not wait longer. */
  async hurry(): Promise<void> {
    this.cuts = 0
    for (const item of await this.store.all()) {
      if (item.trouble === 'network') await this.store.update(item.seq, { not_before: 0 })
    }
    await this.run()
  }

  /** Sends what may leave; called again meanwhile, it looks once more. */
  async run(): Promise<void> {
    this.again = true
    if (this.running) return
    this.running = true
    clearTimeout(this.timer)
    try {
      while (this.again) {
        this.again = false
        if (navigator.onLine) await this.pass()
      }
    } finally {
      this.running = false
      await this.show()
      await this.plan()
    }
  }

  private async pass(): Promise<void> {
    const end = await navigator.locks.request(LOCK, () => this.sender.pass())
    this.cuts = end === 'cut_off' ? this.cuts + 1 : 0
    await this.tell()
    void this.settle()
  }

  private async plan(): Promise<void> {
    const rest = await this.sender.rest()
    // Without a network there is nothing to wait for: its return wakes us.
    if (rest === null || !navigator.onLine) return
    const cut = this.cuts > 0 ? backoff(this.cuts, Math.random()) : 0
    this.timer = setTimeout(() => void this.run(), Math.max(rest, cut, 50))
  }

  private async settle(): Promise<void> {
    const sent = [...this.settling.value]
    if (sent.length === 0) return
    const seen = await this.refetch([...new Set(sent.map((item) => item.order.id))])
    if (!seen) return
    const gone = new Set(sent.map((item) => item.id))
    this.settling.value = this.settling.value.filter((item) => !gone.has(item.id))
  }

  private async show(): Promise<void> {
    this.items.value = await this.store.all()
  }

  private async tell(): Promise<void> {
    await this.show()
    this.tabs.postMessage('changed')
  }
}
