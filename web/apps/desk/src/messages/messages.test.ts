import { keysOf } from '@hearthline/kit'
import { uiMessages } from '@hearthline/ui/messages'
import { expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { deskMessages } from '.'

/** accepts PL-03 */
it('says everything in both languages', () => {
  expect(keysOf(deskMessages.en)).toEqual(keysOf(deskMessages.zh))
  expect(keysOf(uiMessages.en)).toEqual(keysOf(uiMessages.zh))
})

it('asks for the same values in both languages', () => {
  const flat = (tree: object, prefix = ''): [string, string][] =>
    Object.entries(tree).flatMap(([k, v]) =>
      typeof v === 'string' ? [[prefix + k, v] as [string, string]] : flat(v as object, `${prefix}${k}.`),
    )
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
  for (const catalogue of [deskMessages, uiMessages]) {
    const en = new Map(flat(catalogue.en))
    for (const [key, text] of flat(catalogue.zh)) expect([key, holes(en.get(key) ?? '')]).toEqual([key, holes(text)])
  }
})

it('has no text that the catalogue cannot read', () => {
  for (const [locale, tree] of Object.entries(deskMessages)) {
    const i18n = createI18n({ legacy: false, locale, messages: { [locale]: tree } as never, missingWarn: false })
    const read = (i18n as unknown as { global: { t(key: string): string } }).global.t
    for (const key of keysOf(tree)) expect(() => read(key)).not.toThrow()
  }
})

it('has a text for every key that a page names', () => {
  const sources = import.meta.glob('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })
  const known = new Set([...keysOf(deskMessages.zh), ...keysOf(uiMessages.zh)])
  const named = Object.values(sources).flatMap((source) =>
    [...String(source).matchAll(/\b(?:t|say)\(\s*'([\w.]+)'[,)]/g)].map((m) => m[1] as string),
  )
  expect(named.length).toBeGreaterThan(200)
  expect(named.filter((key) => !known.has(key))).toEqual([])
})
