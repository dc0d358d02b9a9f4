import { noteServerTime } from './clock'
import { newId } from './id'
import { Offline, problemOf } from './problem'

/** What a query string may carry; nothing, null and '' are left out. */
export type Query = Record<string, string | number | boolean | null | undefined>

/** One thing that a person does. Sent again, it carries the same id, so that it happens once. */
export interface Action {
  readonly id: string
}

/** A new action. Keep it while the person may press again; make a new one when it has succeeded. */
export function newAction(): Action {
  return { id: newId() }
}

/** How one request is sent. */
export interface Send {
  /** The answer is a file, not JSON. */
  file?: boolean
  query?: Query
  body?: unknown
  /** Default: a new action for this one call (still the same one over its retries). */
  action?: Action
  signal?: AbortSignal
}

/** Waits before each further try when the network fails, in milliseconds. */
export const RETRY_AFTER_MS = [400, 1500, 4000]

const MAKES_CHANGES = new Set(['POST', 'PATCH', 'PUT', 'DELETE'])

let signedOut: () => void = () => {}

/** What to do when the server says that nobody is signed in (any more). */
export function onSignedOut(handler: () => void) {
  signedOut = handler
}

/** The path with its query. */
export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value))
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

/**
 * Asks the server. Refusals come as `Problem`, an unreachable server as `Offline`. When the network
 * fails, the same request (with the same id) is sent again: what it asks for happens once.
 */
export async function request<T>(method: string, path: string, send: Send = {}): Promise<T> {
  const headers = new Headers({ Accept: send.file ? '*/*' : 'application/json' })
  let body: BodyInit | undefined
  if (send.body instanceof FormData) body = send.body
  else if (send.body !== undefined) {
    headers.set('Content-Type', 'application/json')
    body = JSON.stringify(send.body)
  }
  if (MAKES_CHANGES.has(method)) headers.set('Idempotency-Key', (send.action ?? newAction()).id)
  const init: RequestInit = { method, headers, body, credentials: 'same-origin', signal: send.signal }
  const response = await reach(withQuery(path, send.query), init)
  noteServerTime(response.headers.get('Date'))
  if (!response.ok) {
    const problem = await problemOf(response)
    if (problem.status === 401 && problem.code === 'unauthenticated') signedOut()
    throw problem
  }
  if (response.status === 204) return undefined as T
  return (send.file ? await response.blob() : await response.json()) as T
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(url, init)
      // A gateway without a server behind it is the same as no network.
      if (![502, 503, 504].includes(response.status)) return response
      if (attempt >= RETRY_AFTER_MS.length) return response
    } catch (cause) {
      if (init.signal?.aborted) throw cause
      if (attempt >= RETRY_AFTER_MS.length) throw new Offline(cause)
    }
    await pause(RETRY_AFTER_MS[attempt] ?? 0, init.signal)
  }
}

function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>('GET', path, { query, signal })
export const post = <T>(path: string, body: unknown = {}, action?: Action) =>
  request<T>('POST', path, { body, action })
export const patch = <T>(path: string, body: unknown, action?: Action) =>
  request<T>('PATCH', path, { body, action })
export const put = <T>(path: string, body: unknown, action?: Action) =>
  request<T>('PUT', path, { body, action })
export const remove = <T>(path: string, body?: unknown, action?: Action) =>
  request<T>('DELETE', path, { body, action })
