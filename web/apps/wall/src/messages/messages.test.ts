// @vitest-environment node
import { keysOf } from '@hearthline/kit'
import { expect, it } from 'vitest'
import catalogue from '.'

it('both languages have the same texts, and the same names in them', () => {
  expect(keysOf(catalogue.en)).toEqual(keysOf(catalogue.zh))
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
  const texts = (m: object): string[] =>
    Object.values(m).flatMap((v) => (typeof v === 'string' ? [v] : texts(v as object)))
  const english = texts(catalogue.en)
  texts(catalogue.zh).forEach((text, i) => expect(names(english[i]!)).toEqual(names(text)))
})
