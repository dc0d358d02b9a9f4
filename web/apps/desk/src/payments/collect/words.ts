import type { payments } from '@hearthline/api'

export const CLASSES = ['resident', 'shop', 'public', 'garage'] as const
/** How many years ago the oldest unpaid season began, at least. */
export const YEARS = ['0', '1', '2', '3'] as const
export const RESULTS = ['promised', 'absent', 'refused', 'disputed', 'paid'] as const
export const STEP = { promised: 'moving', absent: 'waiting', refused: 'late', disputed: 'risk', paid: 'done' } as const

/** What came of the last time somebody asked, in a line: the result with the day that matters. */
export function said(t: (key: string, named?: Record<string, unknown>) => string, d: Pick<payments.Debtor, 'result' | 'promised_on' | 'next_on'>) {
  if (!d.result) return '—'
  const parts = [t(`collect.result.${d.result}`)]
  if (d.promised_on) parts.push(d.promised_on)
  if (d.next_on) parts.push(t('collect.again', { day: d.next_on }))
  return parts.join(' · ')
}
