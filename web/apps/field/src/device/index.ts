/** The phone's own stores, opened once. */
import { QueueStore } from '../queue/store'
import { DeviceStore } from './store'

export interface Device {
  queue: QueueStore
  own: DeviceStore
}

let opened: Promise<Device> | undefined

export function device(): Promise<Device> {
  opened ??= open()
  return opened
}

async function open(): Promise<Device> {
  const [queue, own] = await Promise.all([QueueStore.open(), DeviceStore.open()])
  // Asks the browser not to clear us when space runs short; a refusal changes nothing.
  void navigator.storage?.persist?.()
  return { queue, own }
}
