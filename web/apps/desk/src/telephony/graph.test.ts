import { expect, it } from 'vitest'
import { inOrder, readGraph } from './graph'

const graph = {
  start: 'hello',
  nodes: {
    bye: { kind: 'hangup', prompts: ['bye'] },
    hello: { kind: 'play', prompts: ['hello'], next: 'menu' },
    menu: { kind: 'menu', prompts: ['menu'], choices: { '1': 'repair' }, timeout_s: 5, tries: 3, fallback: 'bye' },
    repair: { kind: 'queue', queue: 'repair' },
  },
}

/** accepts IV-01 */
it('finds nothing wrong with a whole menu, and lists it in the caller\'s order', () => {
  const { graph: read, faults } = readGraph(JSON.stringify(graph))
  expect(faults).toEqual([])
  expect(inOrder(read!)).toEqual(['hello', 'menu', 'repair', 'bye'])
})

it('names a way that leads nowhere and a node that nobody reaches', () => {
  const broken = structuredClone(graph)
  broken.nodes.menu.choices = { '1': 'gone' } as never
  const { faults } = readGraph(JSON.stringify(broken))
  expect(faults).toContainEqual({ key: 'no_target', node: 'menu', detail: 'gone' })
  expect(faults).toContainEqual({ key: 'unreachable', node: 'repair', detail: '' })
})

it('refuses what is no JSON, no graph, or has no start', () => {
  expect(readGraph('{').faults[0]?.key).toBe('json')
  expect(readGraph('[]').faults[0]?.key).toBe('shape')
  expect(readGraph('{"start":"a","nodes":{"b":{"kind":"song"}}}').faults[0]?.key).toBe('shape')
  expect(readGraph(JSON.stringify({ ...graph, start: 'x' })).faults[0]?.key).toBe('no_start')
})
