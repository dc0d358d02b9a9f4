// @vitest-environment node
import { expect, it } from 'vitest'
import { project, spots, TYPE, widthOf, type Community, type Spot } from './places'

const BOX = { width: 1000, height: 600 }
const at = (id: string, lng: number, lat: number, n = 0, late = 0): Community => ({ id, name: id, lng, lat, n, late })

it('places fill the box, north is up, and a degree of longitude is narrower than one of latitude', () => {
  const xy = project([at('a', 113, 40), at('b', 113.1, 40.1)], BOX)
  const [a, b] = [xy.get('a')!, xy.get('b')!]
  expect(a.y - b.y).toBeCloseTo(460)
  expect((b.x - a.x) / (a.y - b.y)).toBeCloseTo(Math.cos((40.05 * Math.PI) / 180))
})

it('one place alone stands in the middle', () => {
  expect(project([at('a', 113, 40)], BOX).get('a')!.x).toBeCloseTo(500, 0)
  expect(spots([], BOX)).toEqual([])
})

it('what is late is named first, what is quiet has no name, and no names overlap', () => {
  const crowd = Array.from({ length: 60 }, (_, i) =>
    at(`小区${i}`, 113 + 0.004 * (i % 8), 40 + 0.003 * Math.floor(i / 8), i % 5, i % 13 === 0 ? i % 5 : 0),
  )
  const found = spots(crowd, BOX)
  expect(found[0]!.tone).toBe('late')
  expect(found.filter((s) => s.tone === 'quiet').every((s) => s.label === null)).toBe(true)
  const rects = found.filter((s): s is Spot & { label: NonNullable<Spot['label']> } => s.label !== null).map((s) => {
    const w = widthOf(s.community.name)
    const x = s.label.x - (s.label.anchor === 'start' ? 0 : s.label.anchor === 'end' ? w : w / 2)
    return { x, y: s.label.y, w }
  })
  expect(rects.length).toBeGreaterThan(5)
  rects.forEach((a, i) =>
    rects.slice(i + 1).forEach((b) => {
      const apart = a.x + a.w <= b.x + 1 || b.x + b.w <= a.x + 1 || Math.abs(a.y - b.y) >= TYPE * 0.6
      expect(apart).toBe(true)
    }),
  )
})
