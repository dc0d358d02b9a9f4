/** The queue's way to the real server. */
import { Problem, request } from '@hearthline/kit'
import type { Item, Outcome } from './model'
import type { Transport } from './sender'

/** Statuses that say "later", not "no". */
const LATER = new Set([408, 425, 429])

/** Where each doing goes. */
export function pathOf(item: Pick<Item, 'kind' | 'order'>): string {
  if (item.kind === 'shift') return '/api/dispatch/me/shift'
  return `/api/field/tasks/${item.order.id}/${item.kind}`
}

/** What is sent: a proof carries its own id and, with a picture, the stored file's. */
export function bodyOf(item: Item): Record<string, unknown> {
  if (item.kind === 'evidence') return { ...item.body, id: item.id, file_id: item.photo?.file_id }
  if (item.kind === 'temperature') return { ...item.body, id: item.id }
  return item.body
}

/** What an answer means for the queue. */
export function judge(error: unknown): Outcome<never> {
  if (!(error instanceof Problem)) return { kind: 'retry', trouble: 'network' }
  const { status, code, zh, en } = error
  if (status === 401) return { kind: 'signed_out' }
  if (status >= 500 || LATER.has(status)) return { kind: 'retry', trouble: 'server' }
  return { kind: 'refused', refusal: { status, code, zh, en } }
}

async function ask<T>(path: string, body: unknown, id: string): Promise<Outcome<T>> {
  try {
    return { kind: 'ok', value: await request<T>('POST', path, { body, action: { id } }) }
  } catch (error) {
    return judge(error)
  }
}

export const transport: Transport = {
  upload(photo, blob) {
    const form = new FormData()
    form.set('purpose', photo.purpose)
    form.set('file', blob, photo.name)
    return ask('/api/files', form, photo.upload_key)
  },
  act: (item) => ask(pathOf(item), bodyOf(item), item.id),
}
