import type { Order } from '@hearthline/api'

/** When the limit that runs now began to run. */
export function runsFrom(order: Order): string {
  const again = order.round > 1 || order.next_step === 'audit' || order.next_step === 'revisit'
  return (again && order.finished_at) || order.opened_at
}
