import type { Feature as Thing, FeatureCollection, Point } from 'geojson'

/** Something with a place to show. Coordinates are WGS-84, as stored. */
export interface Marker {
  id: string
  lng: number
  lat: number
  kind: 'order' | 'worker' | 'home'
  step?: 'waiting' | 'moving' | 'risk' | 'late' | 'done'
  label?: string
}

/** A community and how many open matters it has. */
export interface Region {
  id: string
  name: string
  lng: number
  lat: number
  n: number
  late: number
}

/**
 * The one place where stored coordinates become the map's. Ours has no tiles and draws WGS-84 as it
 * is; a base map in GCJ-02 would be converted for here and nowhere else.
 */
export const edge = (lng: number, lat: number): [number, number] => [lng, lat]

type Feature = Thing<Point>

const point = (lng: number, lat: number, properties: Record<string, unknown>): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: edge(lng, lat) },
  properties,
})

export const collection = (features: Feature[]): FeatureCollection<Point> => ({
  type: 'FeatureCollection',
  features,
})

export const markerFeatures = (markers: Marker[]) =>
  collection(
    markers.map((m) =>
      point(m.lng, m.lat, { id: m.id, kind: m.kind, step: m.step ?? 'waiting', label: m.label ?? '' }),
    ),
  )

export const regionFeatures = (regions: Region[]) =>
  collection(
    regions.map((r) => point(r.lng, r.lat, { id: r.id, name: r.name, n: r.n, late: r.late })),
  )

/** The box around all places, or nothing when there are none. */
export function bounds(places: { lng: number; lat: number }[]): [[number, number], [number, number]] | null {
  if (places.length === 0) return null
  const points = places.map((p) => edge(p.lng, p.lat))
  const lngs = points.map((p) => p[0])
  const lats = points.map((p) => p[1])
  return [
    [Math.min(...lngs), Math.min(...lats)],
    [Math.max(...lngs), Math.max(...lats)],
  ]
}
