import { type FeeDimension, identity, insight, ledger } from '@hearthline/api'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFilters } from '../../common/useFilters'

/** The dimensions that rows and columns may have. */
export const DIMENSIONS: FeeDimension[] = ['total', 'season', 'item', 'branch', 'station', 'user_class', 'charge_type', 'channel']

/** What all fee reports ask with: the moment, the organisation, the season; kept in the address bar. */
export function useFeeReport() {
  const { t, te } = useI18n()
  const filters = useFilters('report', 'valid_on', 'known_at', 'org', 'season', 'against', 'rows', 'columns', 'from', 'from_known_at')
  const orgs = useQuery({ queryKey: ['identity', 'orgs'], queryFn: identity.orgs, retry: false })
  const seasons = useQuery({ queryKey: ['ledger', 'seasons'], queryFn: ledger.seasons })
  const season = computed(() => filters.season.value || seasons.data.value?.items[0]?.id || '')
  const instant = (local: string) => (local ? new Date(`${local}:00+08:00`).toISOString() : undefined)
  const moment = computed<insight.FeeQuery>(() => ({
    valid_on: filters.valid_on.value || undefined,
    known_at: instant(filters.known_at.value),
    org: filters.org.value || undefined,
  }))
  /** A key of the book in the reader's language; the key itself where there is no word. */
  const word = (key: string) => (te(`fees.word.${key}`) ? t(`fees.word.${key}`) : key || '—')
  return { filters, orgs, seasons, season, moment, instant, word }
}
