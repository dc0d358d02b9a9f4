import type { EventRow } from '@hearthline/api'
import { dayTime, degrees, distance, known, say, stopwatch } from '@hearthline/kit'
import type { Moment, Step } from '@hearthline/ui'
import {
  Camera,
  CircleCheck,
  ClipboardPlus,
  Hammer,
  Heart,
  MapPin,
  MessageSquare,
  Phone,
  PhoneOff,
  Send,
  Thermometer,
  TriangleAlert,
  Undo2,
  UserCheck,
  Voicemail,
} from '@lucide/vue'
import type { Component } from 'vue'

/** A moment with the event behind it and what it says in words. */
export interface Told extends Moment {
  event: EventRow
  /** From what to what, when the event moved the order. */
  moved: { from: string; to: string } | null
  words: string[]
}

const LOOK: Record<string, [Component, Step]> = {
  'telephony.call_arrived': [Phone, 'waiting'],
  'telephony.answered': [Phone, 'moving'],
  'telephony.ended': [PhoneOff, 'done'],
  'telephony.recording_stored': [Voicemail, 'done'],
  'order.filed': [ClipboardPlus, 'moving'],
  'order.dispatched': [UserCheck, 'moving'],
  'order.set_out': [Send, 'moving'],
  'order.arrived': [MapPin, 'moving'],
  'order.finished': [Hammer, 'done'],
  'order.passed': [CircleCheck, 'done'],
  'order.failed': [TriangleAlert, 'late'],
  'order.returned': [Undo2, 'risk'],
  'order.revisited': [Heart, 'done'],
  'order.reopened': [Undo2, 'late'],
  'order.closed': [CircleCheck, 'done'],
  'order.chased': [TriangleAlert, 'risk'],
  'order.at_risk': [TriangleAlert, 'risk'],
  'order.late': [TriangleAlert, 'late'],
  'field.evidence_added': [Camera, 'moving'],
  'field.temperature_taken': [Thermometer, 'moving'],
  'field.arrived_far': [MapPin, 'risk'],
  'channels.message_sent': [MessageSquare, 'moving'],
  'channels.message_failed': [MessageSquare, 'late'],
  'dispatch.nobody_free': [TriangleAlert, 'late'],
}

/** Steps inside a call that matter to telephone people only. */
const MINOR = new Set([
  'telephony.menu_chosen',
  'telephony.queued',
  'telephony.offered',
  'telephony.offer_ended',
  'telephony.held',
  'telephony.unheld',
])

/** Whether a reader of the matter can do without it. */
export const isMinor = (event: EventRow) => MINOR.has(event.kind)

type Payload = Record<string, unknown>
const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const object = (value: unknown) => (value && typeof value === 'object' ? (value as Payload) : undefined)
/** The catalogue's word for a code, or the code. */
const word = (group: string, code: unknown) => {
  const key = `${group}.${text(code)}`
  return code && known(key) ? say(key) : text(code)
}
const line = (key: string, value: string) => (value ? [say(`event.line.${key}`, { value })] : [])

/** What each kind of event has to say besides its title. */
const WORDS: Record<string, (p: Payload) => string[]> = {
  'telephony.call_arrived': (p) => line('number', text(p.number)),
  'telephony.menu_chosen': (p) => line('key', text(p.key)),
  'telephony.offer_ended': (p) => [word('call.offer', p.result)],
  'telephony.ended': (p) => [
    word('call.outcome', p.outcome),
    ...line('hung_up_by', word('call.party', p.hung_up_by)),
    ...(Number(p.seconds) > 0 ? line('talked', stopwatch(Number(p.seconds))) : []),
  ],
  'order.filed': (p) => [
    text(p.address),
    ...line('description', text(p.description)),
    ...line('dues', [p.accept_due, p.arrive_due, p.finish_due].map((d) => dayTime(text(d)).slice(5, 16)).join(' / ')),
  ],
  'order.answered': (p) => line('answer', text(p.words)),
  'order.dispatched': (p) => [
    ...line(object(p.from) ? 'reassigned' : 'assigned', [object(p.from)?.name, object(p.to)?.name].filter(Boolean).join(' → ')),
    ...line('manner', word('event.manner', p.manner)),
    ...line('reason', text(p.reason)),
  ],
  'order.arrived': (p) => line('accuracy', distance(Number(p.accuracy_m))),
  'order.finished': (p) => [
    ...line('cause', text(p.cause_name)),
    ...line('note', text(p.note)),
    ...(p.evidence_complete === false ? [say('event.line.incomplete')] : []),
  ],
  'order.passed': (p) => [...(p.automatic === true ? [say('event.line.automatic')] : []), ...line('note', text(p.note))],
  'order.revisited': (p) => [word('revisit', p.result), ...line('reason', text(p.reason))],
  'order.revisit_attempted': (p) => line('note', text(p.note)),
  'order.chased': (p) => [say('order.chased_n', { n: text(p.chases) }), ...line('note', text(p.note))],
  'order.noted': (p) => [text(p.text)],
  'order.urgency_changed': (p) => [
    `${word('ui.urgency', `u${text(p.from)}`)} → ${word('ui.urgency', `u${text(p.to)}`)}`,
    ...line('reason', text(p.reason)),
  ],
  'order.supervised': (p) => line('supervisor', [object(p.from)?.name, object(p.to)?.name].filter(Boolean).join(' → ')),
  'order.due_changed': (p) => [`${dayTime(text(p.from))} → ${dayTime(text(p.to))}`, ...line('reason', text(p.reason))],
  'order.at_risk': (p) => [word('order.step', p.step), ...line('due', dayTime(text(p.due)))],
  'order.late': (p) => [word('order.step', p.step), ...line('due', dayTime(text(p.due)))],
  'field.evidence_added': (p) => [word('evidence', p.kind)],
  'field.temperature_taken': (p) => [`${word('room', p.room)} ${degrees(Number(p.decidegrees))} ℃`],
  'field.arrived_far': (p) => line('distance', distance(Number(p.distance_m))),
  'channels.message_sent': (p) => [`${word('message.medium', p.medium)} · ${word('message.template', p.template)} · ${text(p.receiver)}`],
  'channels.message_failed': (p) => [`${word('message.template', p.template)} · ${text(p.receiver)}`, text(p.error)],
  'dispatch.nobody_free': (p) => line('considered', text(p.considered)),
}
const reasonOnly = (p: Payload) => line('reason', text(p.reason))

/** Who did it; what nobody in person did is named after its part of the house. */
export const actorWords = (event: EventRow) =>
  event.actor_id ? event.actor_name : word('event.actor', event.actor_name.split('.')[0])

/** An event in words. */
export function tell(event: EventRow): Told {
  const [icon, step] = LOOK[event.kind] ?? []
  const p = event.payload
  const moved = p.from_state && p.to_state && p.from_state !== p.to_state
  const title = known(`event.kind.${event.kind}`) ? say(`event.kind.${event.kind}`) : event.kind
  return {
    id: event.id,
    at: event.at,
    title: event.kind === 'telephony.call_arrived' && p.direction === 'out' ? say('event.called_out') : title,
    by: actorWords(event),
    channel: word('event.channel', event.channel),
    step,
    icon,
    event,
    moved: moved ? { from: word('ui.order', p.from_state), to: word('ui.order', p.to_state) } : null,
    words: (WORDS[event.kind] ?? reasonOnly)(p).filter(Boolean),
  }
}
