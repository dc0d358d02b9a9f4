/** Yuan as people write them, in fen: at most two decimals, never through a float; else nothing. */
export function fenOf(text: string): number | null {
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!found) return null
  const fen = Number(found[2]) * 100 + Number((found[3] ?? '').padEnd(2, '0'))
  return fen === 0 ? null : found[1] ? -fen : fen
}
