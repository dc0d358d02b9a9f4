import { expect, it } from 'vitest'
import { coldDays } from './claim'

it('reads a day a line and leaves out what is none', () => {
  expect(coldDays('2026-12-01 15.5\n2026-12-02，16℃\n昨天 12\n\n2026-12-03 1666')).toEqual([
    { on: '2026-12-01', celsius: '15.5' },
    { on: '2026-12-02', celsius: '16' },
  ])
})
