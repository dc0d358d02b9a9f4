/** The browser's offer to put the app on the home screen, kept until somebody wants it. */
import { ref } from 'vue'

interface InstallOffer extends Event {
  prompt(): Promise<void>
}

export const offer = ref<InstallOffer | null>(null)

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  offer.value = event as InstallOffer
})
addEventListener('appinstalled', () => (offer.value = null))
