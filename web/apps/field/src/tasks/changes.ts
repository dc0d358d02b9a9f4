/** What a new answer to "my tasks" means for the person: something came, pressed, or went. */
import type { Task } from './model'

export interface Changes {
  arrived: Task[]
  chased: Task[]
  gone: Task[]
}

export function changes(before: readonly Task[], after: readonly Task[]): Changes {
  const known = new Map(before.map((task) => [task.id, task]))
  const still = new Set(after.map((task) => task.id))
  const found: Changes = { arrived: [], chased: [], gone: [] }
  for (const task of after) {
    const old = known.get(task.id)
    const again = old && task.state === 'dispatched' && old.state !== 'dispatched'
    if (!old || again) found.arrived.push(task)
    else if (task.chases > old.chases) found.chased.push(task)
  }
  found.gone = before.filter((task) => !still.has(task.id))
  return found
}
