import { expect, it } from 'vitest'
import { newId } from './id'

it('makes ids that are unique and sort by time', () => {
  const ids = Array.from({ length: 200 }, (_, i) => newId(1_800_000_000_000 + i))
  expect(new Set(ids).size).toBe(200)
  expect([...ids].sort()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
