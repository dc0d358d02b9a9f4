/** Which queues the wall shows, and how many fit: there is no scroll bar. */
import type { WallQueue } from '@hearthline/api'

/** Height of a queue in which people wait, of a quiet one, and of the room for all, in rem. */
const BUSY = 8
const QUIET = 4.4
const ROOM = 28

/** The longest wait first; then the fullest. */
export const byUrgency = (queues: readonly WallQueue[]) =>
  [...queues].sort((a, b) => b.longest_wait_s - a.longest_wait_s || b.waiting - a.waiting)

/** How many of the rows fit, from the first on. */
export function fitting(busy: readonly boolean[]): number {
  let room = ROOM
  const over = busy.findIndex((one) => (room -= one ? BUSY : QUIET) < 0)
  return over < 0 ? busy.length : over
}
