/** Sound as the tests need it: A-law, WAV, tones and how loud a tone is in a recording. */
import { readFileSync, writeFileSync } from 'node:fs'

/** Samples a second on the telephone's side. */
export const RATE = 8_000

/** One sample of A-law (G.711) as 16-bit linear. */
export function fromAlaw(byte: number): number {
  const bits = byte ^ 0x55
  const exponent = (bits & 0x70) >> 4
  const mantissa = bits & 0x0f
  const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return bits & 0x80 ? size : -size
}

/** One 16-bit sample as A-law. */
export function toAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const size = Math.min(32_635, Math.abs(sample))
  let exponent = 7
  while (exponent > 0 && size < 0x80 << exponent) exponent--
  const mantissa = (size >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

/** A sine of this frequency, long enough to loop without a click. */
export function tone(hz: number, seconds = 1, level = 6_000): Int16Array {
  return Int16Array.from({ length: RATE * seconds }, (_, n) => Math.round(level * Math.sin((2 * Math.PI * hz * n) / RATE)))
}

/** The samples of a 16-bit mono WAV and its rate. */
export function readWav(bytes: Buffer): { rate: number; samples: Int16Array } {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error('not a WAV file')
  let rate = 0
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4)
    const size = Math.min(bytes.readUInt32LE(at + 4), bytes.length - at - 8)
    if (name === 'fmt ') rate = bytes.readUInt32LE(at + 12)
    if (name === 'data') {
      const samples = new Int16Array(size >> 1)
      for (let n = 0; n < samples.length; n++) samples[n] = bytes.readInt16LE(at + 8 + 2 * n)
      return { rate, samples }
    }
    at += 8 + size + (size & 1)
  }
  throw new Error('a WAV file without sound')
}

export const readWavFile = (path: string) => readWav(readFileSync(path))

/**
 * The share of a sound's power that lies at one frequency, 0 to 1 (Goertzel's algorithm).
 * A pure tone gives nearly 1; speech, music and silence next to nothing.
 */
export function shareOf(hz: number, samples: ArrayLike<number>, rate = RATE): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate)
  let before = 0
  let last = 0
  let power = 0
  for (let n = 0; n < samples.length; n++) {
    const sample = samples[n] ?? 0
    const next = sample + coefficient * last - before
    before = last
    last = next
    power += sample * sample
  }
  if (power === 0 || samples.length === 0) return 0
  const at = last * last + before * before - coefficient * last * before
  return (2 * at) / (samples.length * power)
}

/** How many seconds of the sound carry this tone, counted in tenths of a second. */
export function secondsOf(hz: number, samples: ArrayLike<number>, rate = RATE, least = 0.2): number {
  const window = Math.round(rate / 10)
  const all = Array.from(samples)
  let found = 0
  for (let at = 0; at + window <= all.length; at += window) {
    const part = all.slice(at, at + window)
    const loud = part.reduce((sum, s) => sum + Math.abs(s), 0) / window > 60
    if (loud && shareOf(hz, part, rate) >= least) found++
  }
  return found / 10
}

/**
 * Writes a WAV for a browser's fake microphone: the tone on and off, four times a second. A steady one is taken for
 * noise and made silent before long.
 */
export function writeBeeps(path: string, hz: number) {
  const rate = 48_000
  const samples = 3 * rate
  const bytes = Buffer.alloc(44 + 2 * samples)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(36 + 2 * samples, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(2 * rate, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(2 * samples, 40)
  for (let n = 0; n < samples; n++) {
    const on = n % (rate / 2) < rate / 4
    bytes.writeInt16LE(on ? Math.round(12_000 * Math.sin((2 * Math.PI * hz * n) / rate)) : 0, 44 + 2 * n)
  }
  writeFileSync(path, bytes)
}
