// @vitest-environment node
import JsSIP from 'jssip'
import { expect, it } from 'vitest'
import { causeOf as causeWith } from './cause'

const causeOf = (cause: string) => causeWith(cause, 'remote', false)

it('each usual end of a call has a word, and an unusual one says that it failed', () => {
  const { causes } = JsSIP.C
  expect(causeOf(causes.BYE)).toBe('normal')
  expect(causeOf(causes.CANCELED)).toBe('normal')
  expect(causeOf(causes.BUSY)).toBe('busy')
  expect(causeOf(causes.NO_ANSWER)).toBe('no_answer')
  expect(causeOf(causes.USER_DENIED_MEDIA_ACCESS)).toBe('mic_denied')
  expect(causeOf(causes.CONNECTION_ERROR)).toBe('network')
  expect(causeOf(causes.REQUEST_TIMEOUT)).toBe('network')
  expect(causeOf(causes.AUTHENTICATION_ERROR)).toBe('refused')
  expect(causeOf('SIP Failure Code')).toBe('failed')
})

it('a call that ends by itself, without either side asking, was cut', () => {
  expect(causeWith(JsSIP.C.causes.CANCELED, 'local', false)).toBe('network')
  expect(causeWith(JsSIP.C.causes.BYE, 'system', false)).toBe('network')
  expect(causeWith(JsSIP.C.causes.CANCELED, 'local', true)).toBe('normal')
})
