/** The ring tone, made of two sines: one second on, four off, as telephones here ring. */
export class Ring {
  private context: AudioContext | undefined
  private timer: ReturnType<typeof setInterval> | undefined

  start() {
    if (this.timer !== undefined || typeof AudioContext === 'undefined') return
    this.context ??= new AudioContext()
    void this.context.resume().catch(() => {})
    this.burst()
    this.timer = setInterval(() => this.burst(), 5_000)
  }

  stop() {
    clearInterval(this.timer)
    this.timer = undefined
    void this.context?.suspend().catch(() => {})
  }

  private burst() {
    const context = this.context
    if (!context) return
    const gain = context.createGain()
    const from = context.currentTime
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(0.12, from + 0.03)
    gain.gain.setValueAtTime(0.12, from + 0.95)
    gain.gain.linearRampToValueAtTime(0, from + 1)
    gain.connect(context.destination)
    for (const frequency of [450, 475]) {
      const tone = context.createOscillator()
      tone.frequency.value = frequency
      tone.connect(gain)
      tone.start(from)
      tone.stop(from + 1)
    }
  }
}
