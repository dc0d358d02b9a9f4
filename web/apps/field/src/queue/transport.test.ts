// @vitest-environment node
import { Offline, Problem } from '@hearthline/kit'
import { expect, it } from 'vitest'
import type { Item } from './model'
import { bodyOf, judge, pathOf } from './transport'

const problem = (status: number) => new Problem(status, 'c', '', 'no')

it('only a plain no counts as a refusal; a busy or broken server and no network are tried again', () => {
  expect(judge(new Offline())).toEqual({ kind: 'retry', trouble: 'network' })
  expect(judge(new TypeError('cut'))).toEqual({ kind: 'retry', trouble: 'network' })
  for (const status of [408, 425, 429, 500, 502, 503])
    expect(judge(problem(status))).toEqual({ kind: 'retry', trouble: 'server' })
  for (const status of [400, 403, 404, 409, 413, 422])
    expect(judge(problem(status))).toMatchObject({ kind: 'refused', refusal: { status } })
  expect(judge(problem(401))).toEqual({ kind: 'signed_out' })
})

it('a proof carries its own id and the stored file', () => {
  const item = {
    id: 'e1', kind: 'evidence', order: { id: 'o1', no: '', address: '' },
    body: { kind: 'photo_before' }, photo: { file_id: 'f1' },
  } as unknown as Item
  expect(pathOf(item)).toBe('/api/field/tasks/o1/evidence')
  expect(bodyOf(item)).toEqual({ kind: 'photo_before', id: 'e1', file_id: 'f1' })
})
