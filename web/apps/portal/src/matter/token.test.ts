// @vitest-environment node
import { expect, it } from 'vitest'
import { tokenIn } from './token'

const TOKEN = 'Ab_-'.repeat(18)

it('the token is found in a link, in the message around it, and alone; an order number is none', () => {
  expect(tokenIn(`https://heat.example/portal/p/${TOKEN}`)).toBe(TOKEN)
  expect(tokenIn(`您的报修已派单，查看：http://127.0.0.1:8800/portal/p/${TOKEN} 。`)).toBe(TOKEN)
  expect(tokenIn(`  ${TOKEN}\n`)).toBe(TOKEN)
  expect(tokenIn('GD20261122-0042')).toBeNull()
  expect(tokenIn('')).toBeNull()
})
