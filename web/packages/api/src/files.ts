import { type Action, request } from '@hearthline/kit'
import type { StoredFile } from './types'

export type Purpose = 'photo' | 'signature' | 'audio' | 'video' | 'document'

/** Stores bytes; sent again with the same action it is the same file. */
export function upload(file: Blob, name: string, purpose: Purpose, action?: Action) {
  const body = new FormData()
  body.set('purpose', purpose)
  body.set('file', file, name)
  return request<StoredFile>('POST', '/api/files', { body, action })
}

/** Where a file's bytes are. */
export const url = (id: string) => `/api/files/${id}`
