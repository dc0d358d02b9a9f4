import { describe, expect, it } from 'vitest'
import { formOf, nameOf, troubleOf } from './recorder'

describe('what a phone can record', () => {
  it('takes the first form that the phone makes and the server knows', () => {
    expect(formOf('audio', () => true)).toBe('audio/webm;codecs=opus')
    expect(formOf('audio', (type) => type === 'audio/mp4')).toBe('audio/mp4')
    expect(formOf('video', (type) => type.startsWith('video/mp4'))).toBe('video/mp4')
    expect(formOf('video', () => false)).toBeUndefined()
  })

  it('names the file after its form', () => {
    expect(nameOf('audio', 'audio/webm;codecs=opus')).toBe('audio.webm')
    expect(nameOf('video', 'video/mp4')).toBe('video.mp4')
    expect(nameOf('video', '')).toBe('video.webm')
  })

  it('tells a refusal from a missing device', () => {
    expect(troubleOf(new DOMException('', 'NotAllowedError'))).toBe('denied')
    expect(troubleOf(new DOMException('', 'NotFoundError'))).toBe('missing')
    expect(troubleOf(new Error('?'))).toBe('unable')
  })
})
