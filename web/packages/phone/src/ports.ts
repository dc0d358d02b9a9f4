import type { Call, SoftphoneAccess } from '@hearthline/api'

/** What the telephone needs of the server. */
export interface PhoneServer {
  access(tab: string): Promise<SoftphoneAccess>
  /** A sign of life; the answer says whether the telephone is still this tab's. */
  beat(registered: boolean, tab: string): Promise<{ leads: boolean }>
  current(): Promise<Call | null>
}

/** What the telephone tells of the line. */
export interface LineEvents {
  registered(): void
  unregistered(): void
  refused(cause: string): void
  /** The line is gone for good. */
  lost(): void
  invited(): void
  confirmed(): void
  ended(cause: string): void
  sound(stream: MediaStream): void
}

/** A line to the switch. */
export interface Line {
  answer(): void
  hangUp(): void
  mute(on: boolean): void
  close(): void
}

/** Opens a line with these credentials. */
export type OpenLine = (access: SoftphoneAccess, events: LineEvents) => Promise<Line>

/**
 * Whether an invitation is answered without asking: calls that the agent placed himself, and talks
 * that the server kept while the page was reloaded.
 */
export function answersItself(call: Call | null): boolean {
  if (!call) return false
  return call.direction === 'out' || call.state === 'talking' || call.state === 'held'
}

/** Milliseconds until the next try to get a line. */
export const retryAfter = (failures: number) => Math.min(15_000, 1_000 * 2 ** failures)
