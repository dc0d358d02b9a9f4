import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'

/** The map's layers in the colours of the page. */
export function layers(color: (name: string) => string): LayerSpecification[] {
  const byStep: ExpressionSpecification = [
    'match',
    ['get', 'step'],
    'late',
    color('late'),
    'risk',
    color('accent-bright'),
    'moving',
    color('moving'),
    'done',
    color('done'),
    color('waiting'),
  ]
  const byCount: ExpressionSpecification = ['interpolate', ['linear'], ['get', 'n'], 0, 5, 1, 11, 20, 30]
  const stroke = color('surface')
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': color('ground') } },
    {
      id: 'regions',
      type: 'circle',
      source: 'regions',
      paint: {
        'circle-radius': byCount,
        'circle-color': [
          'case',
          ['>', ['get', 'late'], 0],
          color('late'),
          ['>', ['get', 'n'], 0],
          color('accent-bright'),
          color('line-strong'),
        ],
        'circle-opacity': 0.28,
        'circle-stroke-width': 1,
        'circle-stroke-color': color('line-strong'),
      },
    },
    {
      id: 'chosen',
      type: 'circle',
      source: 'markers',
      filter: ['==', ['get', 'id'], ''],
      paint: { 'circle-radius': 15, 'circle-color': color('link'), 'circle-opacity': 0.25 },
    },
    {
      id: 'orders',
      type: 'circle',
      source: 'markers',
      filter: ['!=', ['get', 'kind'], 'worker'],
      paint: {
        'circle-radius': ['match', ['get', 'kind'], 'home', 8, 6],
        'circle-color': byStep,
        'circle-stroke-width': 2,
        'circle-stroke-color': stroke,
      },
    },
    {
      id: 'workers',
      type: 'circle',
      source: 'markers',
      filter: ['==', ['get', 'kind'], 'worker'],
      paint: {
        'circle-radius': 7,
        'circle-color': stroke,
        'circle-stroke-width': 4,
        'circle-stroke-color': byStep,
      },
    },
  ]
}
