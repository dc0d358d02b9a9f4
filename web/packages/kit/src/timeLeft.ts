/** How a time limit stands. Calm until a quarter of the time is left. */
export type Pressure = 'calm' | 'risk' | 'late'

/** A time limit, reckoned at one moment. */
export interface TimeLeft {
  pressure: Pressure
  /** Part of the whole time that is left, 1 to 0. */
  left: number
  /** Whole minutes left, or over when late. */
  minutes: number
  /** The words' key below `ui.left`, and the number in them. */
  word: 'minutes_left' | 'hours_left' | 'days_left' | 'soon' | 'minutes_over' | 'hours_over' | 'days_over' | 'just_over'
  n: number
}

/** The part of the time limit from which on it is at risk. */
export const RISK_FROM = 0.25

/** The limit that runs from `from` to `due`, seen at `now` (all in milliseconds). */
export function timeLeft(now: number, from: number, due: number): TimeLeft {
  const whole = Math.max(1, due - from)
  const left = Math.min(1, Math.max(0, (due - now) / whole))
  const late = now >= due
  const minutes = Math.floor(Math.abs(due - now) / 60_000)
  const pressure: Pressure = late ? 'late' : left <= RISK_FROM ? 'risk' : 'calm'
  return { pressure, left, minutes, ...words(minutes, late) }
}

function words(minutes: number, late: boolean): Pick<TimeLeft, 'word' | 'n'> {
  if (minutes < 1) return { word: late ? 'just_over' : 'soon', n: 0 }
  if (minutes < 90) return { word: late ? 'minutes_over' : 'minutes_left', n: minutes }
  const hours = Math.round(minutes / 60)
  if (hours < 48) return { word: late ? 'hours_over' : 'hours_left', n: hours }
  return { word: late ? 'days_over' : 'days_left', n: Math.round(hours / 24) }
}
