/** Where each community stands on the board, how large, and where its name fits. */

export interface Community {
  id: string
  name: string
  lng: number
  lat: number
  n: number
  late: number
}

export interface Box {
  width: number
  height: number
}

export interface Spot {
  community: Community
  x: number
  y: number
  r: number
  tone: 'late' | 'open' | 'quiet'
  /** Left edge and base line of the name; none when there is no room for it. */
  label: { x: number; y: number; anchor: 'start' | 'end' | 'middle' } | null
}

interface Rect {
  x: number
  y: number
  w: number
  h: number
}

const MARGIN = 70
const LEAST_R = 5
const FIRST_R = 17
const MOST_R = 46
/** Size of a name's letters, and of the gap between it and its spot. */
export const TYPE = 25
const GAP = 8
/** Width of the ring around what is late. */
export const HALO = 11

const radius = (n: number) => (n === 0 ? LEAST_R : Math.min(MOST_R, FIRST_R + 6 * Math.sqrt(n - 1)))
const tone = ({ n, late }: Community) => (late > 0 ? 'late' : n > 0 ? 'open' : 'quiet')

/** Width of a name: Chinese characters are square, others about half. */
export const widthOf = (text: string) =>
  [...text].reduce((w, c) => w + (c.charCodeAt(0) > 0x2e80 ? TYPE : TYPE * 0.58), 0)

const meet = (a: Rect, b: Rect) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

/** The places drawn to fill the box, true in proportion, north up. */
export function project(communities: readonly Community[], box: Box): Map<string, { x: number; y: number }> {
  const lngs = communities.map((c) => c.lng)
  const lats = communities.map((c) => c.lat)
  const [west, east] = [Math.min(...lngs), Math.max(...lngs)]
  const [south, north] = [Math.min(...lats), Math.max(...lats)]
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const wide = (east - west) * squeeze
  const high = north - south
  // One place alone, or all on a line, must not be enlarged without end.
  const least = 1e-4
  const scale = Math.min(
    (box.width - 2 * MARGIN) / Math.max(wide, least),
    (box.height - 2 * MARGIN) / Math.max(high, least),
  )
  const left = (box.width - wide * scale) / 2
  const top = (box.height - high * scale) / 2
  return new Map(
    communities.map((c) => [
      c.id,
      { x: left + (c.lng - west) * squeeze * scale, y: top + (north - c.lat) * scale },
    ]),
  )
}

/** Spots with names; the worst are named first, and no name covers a spot or another name. */
export function spots(communities: readonly Community[], box: Box): Spot[] {
  if (communities.length === 0) return []
  const at = project(communities, box)
  const order = [...communities].sort((a, b) => b.late - a.late || b.n - a.n || a.id.localeCompare(b.id))
  const taken: Rect[] = []
  const found = order.map((community): Spot => {
    const { x, y } = at.get(community.id)!
    const r = radius(community.n)
    if (community.n > 0) taken.push({ x: x - r, y: y - r, w: 2 * r, h: 2 * r })
    return { community, x, y, r, tone: tone(community), label: null }
  })
  for (const spot of found) if (spot.community.n > 0) spot.label = place(spot, taken, box)
  return found
}

function place(spot: Spot, taken: Rect[], box: Box): Spot['label'] {
  const { x, y } = spot
  const r = spot.tone === 'late' ? spot.r + HALO : spot.r
  const w = widthOf(spot.community.name)
  const tries: [NonNullable<Spot['label']>, Rect][] = [
    [{ x: x + r + GAP, y: y + TYPE * 0.36, anchor: 'start' }, { x: x + r + GAP, y: y - TYPE / 2, w, h: TYPE }],
    [{ x: x - r - GAP, y: y + TYPE * 0.36, anchor: 'end' }, { x: x - r - GAP - w, y: y - TYPE / 2, w, h: TYPE }],
    [{ x, y: y + r + TYPE, anchor: 'middle' }, { x: x - w / 2, y: y + r + 3, w, h: TYPE }],
    [{ x, y: y - r - GAP, anchor: 'middle' }, { x: x - w / 2, y: y - r - GAP - TYPE, w, h: TYPE }],
  ]
  for (const [label, rect] of tries) {
    const inside = rect.x >= 0 && rect.x + w <= box.width && rect.y >= 0 && rect.y + TYPE <= box.height
    if (!inside || taken.some((other) => meet(rect, other))) continue
    taken.push(rect)
    return label
  }
  return null
}
