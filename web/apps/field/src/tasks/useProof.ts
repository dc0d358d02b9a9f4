/** Hands evidence to the queue: hashed, with its time and place, safe on the phone at once. */
import { toValue, type MaybeRefOrGetter } from 'vue'
import { sha256 } from '../photos/photo'
import type { Photo } from '../queue/model'
import { useQueue } from '../queue/useQueue'
import { position } from '../shift/usePositions'
import type { TaskDetail } from './model'

export function useProof(task: MaybeRefOrGetter<TaskDetail>) {
  const queue = useQueue()
  return async (kind: string, blob: Blob, name: string, purpose: Photo['purpose']) => {
    const taken_at = new Date().toISOString()
    const last = position.last.value
    const point = last && { lng: last.lng, lat: last.lat }
    const photo = { id: crypto.randomUUID(), sha256: await sha256(blob), size: blob.size, name, purpose, blob }
    await queue.add('evidence', toValue(task), { kind, taken_at, point }, photo)
  }
}
