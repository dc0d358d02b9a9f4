/** How the browser's telephone stands; the server's seat says how the agent does. */
export type PhoneState =
  | 'off'
  | 'elsewhere'
  | 'connecting'
  | 'ready'
  | 'ringing'
  | 'answering'
  | 'talking'
  | 'failed'

/** What can happen to it. */
export type PhoneEvent =
  | 'start'
  | 'another_tab_leads'
  | 'registered'
  | 'unregistered'
  | 'refused'
  | 'invited'
  | 'answer'
  | 'confirmed'
  | 'ended'
  | 'stop'

const STEPS: Record<PhoneState, Partial<Record<PhoneEvent, PhoneState>>> = {
  off: { start: 'connecting', another_tab_leads: 'elsewhere' },
  elsewhere: { start: 'connecting' },
  connecting: { registered: 'ready', refused: 'failed', unregistered: 'connecting' },
  ready: { invited: 'ringing', unregistered: 'connecting', refused: 'failed', registered: 'ready' },
  ringing: { answer: 'answering', ended: 'ready' },
  answering: { confirmed: 'talking', ended: 'ready' },
  // A lost registration does not end a talk: sound flows beside it.
  talking: { ended: 'ready' },
  failed: { start: 'connecting', registered: 'ready' },
}

/** The state after `event`; what does not apply changes nothing. */
export function step(state: PhoneState, event: PhoneEvent): PhoneState {
  if (event === 'stop') return 'off'
  return STEPS[state][event] ?? state
}
