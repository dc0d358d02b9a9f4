/** The points of an SVG polyline for `values` in a box of `width` by `height`. */
export function sparkline(values: number[], width: number, height: number): string {
  if (values.length < 2) return ''
  const low = Math.min(...values)
  const span = Math.max(...values) - low || 1
  return values
    .map((value, i) => {
      const x = (i / (values.length - 1)) * width
      const y = height - 1 - ((value - low) / span) * (height - 2)
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}
