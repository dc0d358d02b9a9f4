/** Asks for the microphone before the call, so that a refusal is explained and not a dead call. */
export async function microphone(): Promise<'' | 'mic_denied' | 'mic_missing' | 'insecure'> {
  if (!navigator.mediaDevices?.getUserMedia) return 'insecure'
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    for (const track of stream.getTracks()) track.stop()
    return ''
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    return name === 'NotFoundError' || name === 'NotReadableError' ? 'mic_missing' : 'mic_denied'
  }
}
