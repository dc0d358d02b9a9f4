/** The alarm for a new order: felt, heard and, with the app in the background, shown. */

let audio: AudioContext | undefined

/** Browsers give sound only after a touch: the first one on the page opens it. */
export function armAlarm() {
  const arm = () => {
    audio ??= new AudioContext()
    if (audio.state === 'suspended') void audio.resume()
  }
  addEventListener('pointerdown', arm, { passive: true })
  addEventListener('keydown', arm, { passive: true })
}

/** Three rising pairs: carries through a glove pocket, and is nobody's ring tone. */
const NOTES = [659, 880, 659, 880, 784, 1047]

export function ring() {
  navigator.vibrate?.([250, 120, 250, 120, 500])
  if (audio?.state !== 'running') return
  NOTES.forEach((hertz, i) => note(audio!, hertz, audio!.currentTime + i * 0.18))
}

function note(context: AudioContext, hertz: number, at: number) {
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.type = 'triangle'
  tone.frequency.value = hertz
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(0.6, at + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.17)
  tone.connect(volume).connect(context.destination)
  tone.start(at)
  tone.stop(at + 0.18)
}

/** A touch that was taken. */
export function felt() {
  navigator.vibrate?.(30)
}

/** A line in the system's own list when the app is not in front. */
export async function announce(title: string, body: string, tag: string) {
  if (document.visibilityState === 'visible' || !('Notification' in window)) return
  if (Notification.permission !== 'granted') return
  const worker = await navigator.serviceWorker?.getRegistration()
  await worker?.showNotification(title, { body, tag, icon: '/field/icon-192.png' })
}
