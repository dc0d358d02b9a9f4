import { expect, it } from 'vitest'
import { amountOf, shareOf, wholeOf, yuanOf } from './useWords'

it('reads money, shares and days as they are typed, and nothing else', () => {
  expect([yuanOf('45'), yuanOf('0'), yuanOf('12.5'), yuanOf('12.345'), yuanOf('-1'), yuanOf('')]).toEqual([4500, 0, 1250, null, null, null])
  expect([shareOf('40'), shareOf('12.5'), shareOf('100.01')]).toEqual([4000, 1250, null])
  expect([wholeOf('90', 3650), wholeOf('3651', 3650), wholeOf('1.5', 10)]).toEqual([90, null, null])
  expect([amountOf(150), amountOf(100)]).toEqual(['1.5', '1'])
})
