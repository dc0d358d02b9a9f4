// @vitest-environment node
import { expect, it } from 'vitest'
import { decidegreesOf } from './temperature'

it('a typed temperature becomes tenths of a degree, or nothing when it cannot be one', () => {
  expect(['18.5', ' 21 ', '18,5', '-3.2', '18.'].map(decidegreesOf)).toEqual([185, 210, 185, -32, 180])
  expect(['', 'warm', '46', '-31', '185', '1e1', '18.5.5'].map(decidegreesOf)).toEqual(Array(7).fill(null))
})
