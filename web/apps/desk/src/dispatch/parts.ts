import { distance, known, say } from '@hearthline/kit'

/** One part of a ranking's total. */
export interface RankedPart {
  code: string
  points: number
  value: number
}

/** A part in words: "on the road 12 min", "holds 2 orders". */
export function partWords(part: RankedPart): string {
  const key = `ranking.part.${part.code}`
  return known(key) ? say(key, { n: part.value }) : `${part.code} ${part.value}`
}

/** Why somebody cannot go, in words. */
export function exclusionWords(code: string, value: number | null | undefined): string {
  const bare = `ranking.excluded.${code}`
  const counted = `${bare}_n`
  if (value !== null && value !== undefined && known(counted)) return say(counted, { n: value })
  return known(bare) ? say(bare) : code
}

/** How far, in words; unknown is said. */
export const farWords = (metres: number | null) => (metres === null ? say('ranking.no_distance') : distance(metres))
