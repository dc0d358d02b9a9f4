/** `peaks` (0 to 255) drawn together to at most `bars` bars of 0 to 1, each the loudest of its part. */
export function peaksToBars(peaks: number[], bars: number): number[] {
  const count = Math.min(bars, peaks.length)
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((i + 1) * peaks.length) / count))
    return Math.max(...peaks.slice(from, to)) / 255
  })
}
