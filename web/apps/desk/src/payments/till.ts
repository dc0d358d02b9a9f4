import type { payments } from '@hearthline/api'

/** Fen of what somebody types: 12, 12.3, 12.34, 1,200; nothing when it is no amount. */
export function fenOf(text: string): number | null {
  const clean = text.replace(/[,，¥\s]/g, '')
  if (!/^\d{1,8}(\.\d{0,2})?$/.test(clean)) return null
  const [yuan = '0', part = ''] = clean.split('.')
  return Number(yuan) * 100 + Number(part.padEnd(2, '0'))
}

/** Yuan of fen, as it stands in a field. */
export function yuanOf(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.abs(fen)
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}

/** What is handed over in cash for an amount: the server does the same and decides. */
export function cashDue(amount: number, rule: payments.Rounding): number {
  const step = { fen: 1, jiao: 10, yuan: 100 }[rule.to]
  const over = amount % step
  const even = Math.floor(amount / step) % 2 === 0
  const down = {
    down: true,
    up: over === 0,
    half_up: over * 2 < step,
    half_even: over * 2 < step || (over * 2 === step && even),
  }[rule.mode]
  return down ? amount - over : amount - over + step
}

/** Account numbers of a pasted list: whatever stands between them. */
export function numbersOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;，；、]+/).filter((n) => n !== ''))]
}

/** The way of paying behind a function key. */
export const KEYS: Record<string, payments.PayMethod> = { F6: 'cash', F7: 'card', F8: 'transfer', F9: 'cheque' }
