import { cpus, loadavg } from 'node:os'

/** Waits until `holds` says so; never longer than `patience` milliseconds. */
export async function until(what: string, patience: number, holds: () => unknown): Promise<void> {
  const deadline = Date.now() + patience
  let last: unknown
  for (;;) {
    last = await holds()
    if (last) return
    if (Date.now() > deadline) throw new Error(`not within ${patience} ms: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** Milliseconds that stand for "within a second": more where the machine is busy with other things. */
export function soon(): number {
  return (loadavg()[0] ?? 0) > 2 * cpus().length ? 5_000 : 1_000
}
