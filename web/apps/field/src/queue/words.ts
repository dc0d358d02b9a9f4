import { known, locale, say } from '@hearthline/kit'
import type { Refusal } from './model'

/** A refusal in the reader's language: the server's sentence, or ours for what the phone found. */
export function refusalWords(refusal: Refusal): string {
  const key = `field.refusal.${refusal.code.replace('.', '_')}`
  if (known(key)) return say(key)
  return locale.value === 'zh-CN' ? refusal.zh : refusal.en
}
