/** Sound and film as evidence: what is recorded, how long, and in which form. */

export const KINDS = ['audio', 'video'] as const
export type RecordingKind = (typeof KINDS)[number]

export const isRecording = (kind: unknown): kind is RecordingKind => KINDS.some((one) => one === kind)

/** Longest recordings, seconds: a leak's noise, a walk through the flat. */
export const LONGEST_S: Record<RecordingKind, number> = { audio: 180, video: 60 }
/** The server takes 64 MB a file; a phone that ignores the asked-for quality is stopped before. */
export const LARGEST = 60 * 1024 * 1024

/** Forms that the server knows by their first bytes, best first. */
const FORMS: Record<RecordingKind, string[]> = {
  audio: ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'],
  video: ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'],
}

const QUALITY: Record<RecordingKind, MediaRecorderOptions> = {
  audio: { audioBitsPerSecond: 32_000 },
  video: { audioBitsPerSecond: 32_000, videoBitsPerSecond: 1_500_000 },
}

const WANTED: Record<RecordingKind, MediaStreamConstraints> = {
  audio: { audio: true },
  video: {
    audio: true,
    video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { max: 24 } },
  },
}

/** The first form that this phone can make; none means that it cannot record. */
export function formOf(kind: RecordingKind, supported: (type: string) => boolean): string | undefined {
  return FORMS[kind].find(supported)
}

/** A file name whose end says what it is. */
export function nameOf(kind: RecordingKind, type: string): string {
  const end = /^(?:audio|video)\/(\w+)/.exec(type)?.[1] ?? 'webm'
  return `${kind}.${end}`
}

export type Trouble = 'denied' | 'missing' | 'unable'

/** Why there is no microphone or camera. */
export function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'unable'
}

/** One recording: from the microphone's or the camera's opening to its end. */
export class Recording {
  private readonly parts: Blob[] = []
  private size = 0
  private end: ReturnType<typeof setTimeout> | undefined

  private constructor(
    readonly stream: MediaStream,
    private readonly recorder: MediaRecorder,
  ) {}

  /** Opens what is needed and gets ready; throws a [`Trouble`]'s cause when it cannot. */
  static async open(kind: RecordingKind): Promise<Recording> {
    const type = formOf(kind, (one) => MediaRecorder.isTypeSupported(one))
    if (!type || !navigator.mediaDevices) throw new Error('no form that the server takes')
    const stream = await navigator.mediaDevices.getUserMedia(WANTED[kind])
    return new Recording(stream, new MediaRecorder(stream, { mimeType: type, ...QUALITY[kind] }))
  }

  /** Records until [`Recording.stop`], the longest time, the largest size, or the device's own end. */
  start(longest_s: number): Promise<Blob> {
    const { recorder, parts } = this
    return new Promise((resolve, reject) => {
      recorder.ondataavailable = ({ data }) => {
        parts.push(data)
        this.size += data.size
        if (this.size > LARGEST) this.stop()
      }
      recorder.onerror = (event) => reject(event)
      recorder.onstop = () => {
        clearTimeout(this.end)
        this.close()
        resolve(new Blob(parts, { type: recorder.mimeType.split(';')[0] }))
      }
      recorder.start(1_000)
      this.end = setTimeout(() => this.stop(), longest_s * 1_000)
    })
  }

  stop() {
    if (this.recorder.state !== 'inactive') this.recorder.stop()
  }

  /** Lets the microphone and the camera go. */
  close() {
    for (const track of this.stream.getTracks()) track.stop()
  }
}
