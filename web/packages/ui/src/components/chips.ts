/** One choice of a filter. */
export interface Chip {
  value: string
  label: string
  count?: number
}
