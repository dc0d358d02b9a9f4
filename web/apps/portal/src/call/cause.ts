/** Why a call ended, in the words of this page. */
export type Cause =
  | 'normal' | 'busy' | 'rejected' | 'no_answer' | 'unavailable' | 'network' | 'refused'
  | 'mic_denied' | 'failed'

const CAUSES: Record<string, Cause> = {
  Terminated: 'normal',
  Canceled: 'normal',
  Busy: 'busy',
  Rejected: 'rejected',
  'No Answer': 'no_answer',
  Expires: 'no_answer',
  Unavailable: 'unavailable',
  'Not Found': 'unavailable',
  'Address Incomplete': 'unavailable',
  'Connection Error': 'network',
  'RTP Timeout': 'network',
  'Request Timeout': 'network',
  'Authentication Error': 'refused',
  'User Denied Media Access': 'mic_denied',
}

/** Our word for JsSIP's; an end that nobody asked for is a broken connection. */
export function causeOf(cause: string, originator: string, asked: boolean): Cause {
  const found = CAUSES[cause] ?? 'failed'
  return found === 'normal' && originator !== 'remote' && !asked ? 'network' : found
}
