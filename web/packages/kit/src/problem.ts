/** One wrong field of a request, as the server words it. */
export interface Fault {
  field: string
  zh: string
  en: string
}

/** A refusal (RFC 9457) that can be shown to a person in his language. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly faults: Fault[] = [],
  ) {
    super(`${status} ${code}: ${en}`)
    this.name = 'Problem'
  }

  /** The sentence in the language that the person reads. */
  words(locale: string): string {
    return locale.startsWith('zh') ? this.zh : this.en
  }

  /** What is wrong with `field`, or nothing. */
  fault(field: string, locale: string): string | undefined {
    const fault = this.faults.find((f) => f.field === field)
    return fault && (locale.startsWith('zh') ? fault.zh : fault.en)
  }

  /** Signed in, but without the key. */
  get forbidden() {
    return this.status === 403
  }

  /** Not there, or out of sight. */
  get missing() {
    return this.status === 404
  }
}

/** The server could not be reached: nothing is known about what was asked. */
export class Offline extends Error {
  constructor(cause?: unknown) {
    super('offline', { cause })
    this.name = 'Offline'
  }
}

interface Body {
  code?: string
  title?: string
  title_en?: string
  faults?: Fault[]
}

/** Reads a refusal; a body that is none of ours becomes an honest general one. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: Body = {}
  try {
    body = (await response.json()) as Body
  } catch {
    // A proxy's page or nothing at all: the status must do.
  }
  const code = body.code ?? `http_${response.status}`
  const en = body.title_en ?? body.title ?? `HTTP ${response.status}`
  return new Problem(response.status, code, body.title ?? en, en, body.faults ?? [])
}
