import type { Graph } from '@hearthline/api'

/** A voice menu: where it starts and its stops by name. */
export type FlowGraph = Graph
/** A stop of a caller's way through it. */
export type FlowNode = Graph['nodes'][string]

/** A mistake in a graph: a key below `flow.fault`, and the node that it is about. */
export interface GraphFault {
  key: 'json' | 'shape' | 'no_start' | 'no_target' | 'unreachable'
  node: string
  detail: string
}

/** Where a caller may go from a node: the key or reason, and the node's name. */
export function ways(node: FlowNode): { by: string; to: string }[] {
  if (node.kind === 'play') return [{ by: '', to: node.next }]
  if (node.kind !== 'menu') return []
  const keys = Object.entries(node.choices ?? {}).map(([by, to]) => ({ by, to }))
  return [...keys, { by: 'fallback', to: node.fallback }]
}

const KINDS = ['play', 'menu', 'queue', 'hangup']

/** Reads a graph and says what is wrong; the server judges again before it is published. */
export function readGraph(source: string): { graph: FlowGraph | null; faults: GraphFault[] } {
  let graph: FlowGraph
  try {
    graph = JSON.parse(source) as FlowGraph
  } catch (e) {
    return { graph: null, faults: [{ key: 'json', node: '', detail: e instanceof Error ? e.message : '' }] }
  }
  const nodes = graph?.nodes
  const shaped = nodes && typeof nodes === 'object' && Object.values(nodes).every((n) => KINDS.includes(n?.kind))
  if (!shaped || typeof graph.start !== 'string')
    return { graph: null, faults: [{ key: 'shape', node: '', detail: '' }] }
  return { graph, faults: faultsOf(graph) }
}

function faultsOf(graph: FlowGraph): GraphFault[] {
  const faults: GraphFault[] = []
  if (!graph.nodes[graph.start]) faults.push({ key: 'no_start', node: graph.start, detail: '' })
  const seen = new Set<string>()
  const ahead = [graph.start]
  while (ahead.length > 0) {
    const name = ahead.pop() as string
    const node = graph.nodes[name]
    if (!node || seen.has(name)) continue
    seen.add(name)
    for (const { to } of ways(node)) ahead.push(to)
  }
  for (const [name, node] of Object.entries(graph.nodes)) {
    for (const { to } of ways(node))
      if (!graph.nodes[to]) faults.push({ key: 'no_target', node: name, detail: to })
    if (!seen.has(name)) faults.push({ key: 'unreachable', node: name, detail: '' })
  }
  return faults
}

/** The nodes in the order in which a caller meets them. */
export function inOrder(graph: FlowGraph): string[] {
  const order: string[] = []
  const ahead = [graph.start]
  while (ahead.length > 0) {
    const name = ahead.shift() as string
    const node = graph.nodes[name]
    if (!node || order.includes(name)) continue
    order.push(name)
    ahead.push(...ways(node).map((w) => w.to))
  }
  return [...order, ...Object.keys(graph.nodes).filter((n) => !order.includes(n))]
}
