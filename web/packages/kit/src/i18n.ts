import { type App, computed } from 'vue'
import { createI18n } from 'vue-i18n'

export type Locale = 'zh-CN' | 'en'

/** A tree of texts; both languages have the same shape. */
export interface Messages {
  [key: string]: string | Messages
}

/** One package's texts. */
export interface Catalogue<T extends Messages = Messages> {
  zh: T
  en: T
}

const KEY = 'hl.locale'

/** The language that was chosen on this device, else Chinese. */
export function preferredLocale(): Locale {
  return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN'
}

/** The app's catalogues merged: top-level keys of different packages must not meet. */
export function createMessages(...catalogues: Catalogue[]) {
  const zh: Messages = {}
  const en: Messages = {}
  for (const catalogue of catalogues) {
    Object.assign(zh, catalogue.zh)
    Object.assign(en, catalogue.en)
  }
  return createI18n({
    legacy: false,
    locale: preferredLocale() as string,
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zh, en } as Record<string, Messages>,
    missingWarn: import.meta.env.DEV,
    fallbackWarn: false,
  })
}

export type I18n = ReturnType<typeof createMessages>

let current: I18n | undefined

/** Installs the catalogues and keeps the page's language attribute true. */
export function installMessages(app: App, i18n: I18n) {
  current = i18n
  app.use(i18n)
  document.documentElement.lang = i18n.global.locale.value
}

/** Switches the language and remembers it on this device. */
export function setLocale(locale: Locale) {
  localStorage.setItem(KEY, locale)
  if (current) current.global.locale.value = locale
  document.documentElement.lang = locale
}

/** The language now. */
export const locale = computed<Locale>(() => (current?.global.locale.value as Locale) ?? 'zh-CN')

/** A text outside a component. */
export function say(key: string, named: Record<string, unknown> = {}): string {
  return current ? current.global.t(key, named) : key
}

/** Whether a text exists, for codes that the server may add before we know them. */
export function known(key: string): boolean {
  return current?.global.te(key, 'zh-CN') ?? false
}

/** All keys of a catalogue, `a.b.c`, sorted: both languages must give the same. */
export function keysOf(messages: Messages, prefix = ''): string[] {
  return Object.entries(messages)
    .flatMap(([key, value]) =>
      typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
    )
    .sort()
}
