/** Tenths of a degree of what was typed (comma or point); null when it is no plausible reading. */
export function decidegreesOf(text: string): number | null {
  const plain = text.trim().replace(',', '.')
  if (!/^-?\d{1,2}(\.\d{0,2})?$/.test(plain)) return null
  const tenths = Math.round(Number(plain) * 10)
  return tenths >= -300 && tenths <= 450 ? tenths : null
}
