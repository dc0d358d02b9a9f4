import type { ledger } from '@hearthline/api'
import { fromShanghai } from '@hearthline/kit'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFilters } from '../common/useFilters'

/** The moment that the book is looked at, kept in the address bar; and its words. */
export function useBook() {
  const { t, te } = useI18n()
  const filters = useFilters('valid_on', 'known_at')
  const moment = computed<ledger.BookMoment>(() => {
    const [date = '', time = ''] = filters.known_at.value.split('T')
    return {
      valid_on: filters.valid_on.value || undefined,
      known_at: date && time ? fromShanghai(date, time) : undefined,
    }
  })
  const past = computed(() => !!filters.valid_on.value || !!filters.known_at.value)
  function now() {
    filters.valid_on.value = ''
    // The address bar takes one change at a time.
    setTimeout(() => (filters.known_at.value = ''))
  }
  /** A key of the book in the reader's language; the key itself where there is no word. */
  const word = (key: string) => (te(`fees.word.${key}`) ? t(`fees.word.${key}`) : key || '—')
  return { ...filters, moment, past, now, word }
}
