import { describe, expect, it } from 'vitest'
import en from '../messages/en'
import zh from '../messages/zh'
import { FIELDS, isMeasure, patchOf, wordKey } from './facts'

const at = (tree: unknown, key: string) =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree)

describe('facts', () => {
  it('every word of every fact has a name in both languages', () => {
    for (const field of FIELDS) {
      for (const tree of [zh, en]) {
        expect(at(tree, `household.field.${field.name}`), field.name).toBeTypeOf('string')
        for (const word of field.words ?? []) {
          expect(at(tree, wordKey(field.name, word) ?? ''), word).toBeTypeOf('string')
        }
      }
    }
  })

  it('an area is entered exactly or not at all', () => {
    expect(['98.5', '98', '0.01'].every(isMeasure)).toBe(true)
    expect(['', '-1', '1.234', '98㎡', '1e3', '12345678'].some(isMeasure)).toBe(false)
  })

  it('a low-income proof is a yes or no', () => {
    const low = FIELDS.find((f) => f.name === 'low_income')!
    expect(patchOf(low, 'true')).toEqual({ low_income: true })
  })
})
