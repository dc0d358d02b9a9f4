import { type Action, type Query, request } from '@hearthline/kit'
import type { paths } from './schema'

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Paths that know this verb. */
type PathWith<V extends Verb> = {
  [P in keyof paths]: paths[P] extends Record<V, { responses: unknown }> ? P : never
}[keyof paths]

type Answer<O> = O extends { responses: { 200: { content: { 'application/json': infer A } } } } ? A : never
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : never
type In<O, Place extends 'path' | 'query'> = O extends { parameters: { [K in Place]?: infer Q } } ? Q : never

type Send<O> = {
  query?: In<O, 'query'>
  action?: Action
  signal?: AbortSignal
} & (In<O, 'path'> extends Record<string, unknown> ? { path: In<O, 'path'> } : { path?: never }) &
  ([Body<O>] extends [never] ? { body?: never } : { body: Body<O> })

/** `/api/orders/{id}` with its values in place. */
export function filled(path: string, values: Record<string, unknown> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))
}

type Loose = { path?: Record<string, unknown>; query?: Query; body?: unknown; action?: Action; signal?: AbortSignal }

const door =
  <V extends Verb>(verb: V) =>
  <P extends PathWith<V>>(path: P, send: Send<paths[P][V]>): Promise<Answer<paths[P][V]>> => {
    const { path: values, query, body, action, signal } = send as Loose
    const changes = verb !== 'get'
    return request(verb.toUpperCase(), filled(path, values), {
      query,
      body: changes ? (body ?? {}) : undefined,
      action,
      signal,
    })
  }

/** The server's operations, typed by its own document: a wrong path, field or answer does not compile. */
export const get = door('get')
export const post = door('post')
export const put = door('put')
export const patch = door('patch')
export const remove = door('delete')

/** Conditions from the address bar as a typed query: the server refuses what it does not know. */
export const asked = <Q>(words: object): Q => words as Q
