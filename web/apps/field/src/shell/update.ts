/** A new version waits until the person takes it: nobody is interrupted while a customer signs. */
import { ref } from 'vue'
import { registerSW } from 'virtual:pwa-register'

export const updateReady = ref(false)

const update = registerSW({
  onNeedRefresh: () => (updateReady.value = true),
  onRegisteredSW: (_url, worker) => setInterval(() => void worker?.update().catch(() => {}), 3_600_000),
})

export function applyUpdate() {
  void update(true)
}
