/** The device's queue in IndexedDB. It belongs to the phone, not to who is signed in. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Item, NewItem } from './model'

interface QueueSchema extends DBSchema {
  items: { key: number; value: Item; indexes: { by_id: string } }
  photos: { key: string; value: { id: string; blob: Blob } }
}

type StoredItem = Omit<Item, 'seq'> & { seq?: number }

export class QueueStore {
  private constructor(private readonly db: IDBPDatabase<QueueSchema>) {}

  static async open(name = 'hearthline-queue'): Promise<QueueStore> {
    const db = await openDB<QueueSchema>(name, 1, {
      upgrade(fresh) {
        const items = fresh.createObjectStore('items', { keyPath: 'seq', autoIncrement: true })
        items.createIndex('by_id', 'id', { unique: true })
        fresh.createObjectStore('photos', { keyPath: 'id' })
      },
    })
    return new QueueStore(db)
  }

  /** Puts it at the end of the line, its picture in the same transaction. Twice is once. */
  async add(entry: NewItem, upload_key: string): Promise<void> {
    const tx = this.db.transaction(['items', 'photos'], 'readwrite')
    const items = tx.objectStore('items')
    if ((await items.index('by_id').getKey(entry.id)) !== undefined) return tx.done
    const { photo, ...rest } = entry
    const item: StoredItem = { ...rest, attempts: 0, not_before: 0 }
    if (photo) {
      const { blob, ...facts } = photo
      item.photo = { ...facts, upload_key }
      await tx.objectStore('photos').add({ id: photo.id, blob })
    }
    await items.add(item as Item)
    return tx.done
  }

  /** Everything that waits on this phone, whoever made it, in the order of making. */
  async all(): Promise<Item[]> {
    return this.db.getAll('items')
  }

  async photo(id: string): Promise<Blob | undefined> {
    return (await this.db.get('photos', id))?.blob
  }

  /** Changes an item that is still there; one that was discarded meanwhile stays away. */
  async update(seq: number, change: Partial<Omit<Item, 'seq' | 'id'>>): Promise<void> {
    const tx = this.db.transaction('items', 'readwrite')
    const item = await tx.store.get(seq)
    if (item) await tx.store.put({ ...item, ...change })
    return tx.done
  }

  /** Takes an item away with its picture: confirmed by the server, or given up by a person. */
  async remove(seq: number): Promise<void> {
    const tx = this.db.transaction(['items', 'photos'], 'readwrite')
    const item = await tx.objectStore('items').get(seq)
    if (item?.photo) await tx.objectStore('photos').delete(item.photo.id)
    await tx.objectStore('items').delete(seq)
    return tx.done
  }

  close(): void {
    this.db.close()
  }
}
