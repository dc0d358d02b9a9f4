/** How old what we show is, and how loudly to say so. */
export type Freshness = 'fresh' | 'aging' | 'stale'

const AGING_MS = 15_000
const STALE_MS = 45_000

export const freshness = (ageMs: number): Freshness =>
  ageMs >= STALE_MS ? 'stale' : ageMs >= AGING_MS ? 'aging' : 'fresh'

/** How a wait stands: people hang up after two minutes. */
export const waitTone = (seconds: number) => (seconds >= 120 ? 'late' : seconds >= 60 ? 'risk' : 'calm')
