interface Keyed {
  key: string
}
interface Edge {
  upstream: string
  downstream: string
}

/**
 * Tasks in layers: a task stands one below the deepest of those it waits for. Edges to tasks that are not listed are
 * ignored; tasks of a cycle, which no orchestrator should report, come last together.
 */
export function layerTasks<Task extends Keyed>(tasks: Task[], edges: Edge[]): Task[][] {
  const known = new Set(tasks.map(({ key }) => key))
  const waitsFor = new Map(tasks.map(({ key }) => [key, new Set<string>()]))
  for (const { upstream, downstream } of edges) {
    if (known.has(upstream)) waitsFor.get(downstream)?.add(upstream)
  }
  const layers: Task[][] = []
  const placed = new Set<string>()
  let left = tasks
  while (left.length > 0) {
    const ready = left.filter(({ key }) =>
      [...(waitsFor.get(key) ?? [])].every((upstream) => placed.has(upstream)),
    )
    const layer = ready.length > 0 ? ready : left
    layers.push(layer)
    for (const { key } of layer) placed.add(key)
    left = left.filter(({ key }) => !placed.has(key))
  }
  return layers
}
