import { expect, it } from 'vitest'
import { differences, remainder, speaks } from './diff'

/** accepts PL-04 */
it('names each value that changed, and none that did not', () => {
  const from = { name: '张三', phone: null, org: { id: '1', name: '东站' } }
  const to = { name: '张三', phone: '139', org: { id: '2', name: '西站' } }
  expect(differences({ from, to })).toEqual([
    { path: 'phone', from: '', to: '139' },
    { path: 'org.id', from: '1', to: '2' },
    { path: 'org.name', from: '东站', to: '西站' },
  ])
})

it('shows a new thing from nothing, a list as a whole, and an order\'s state', () => {
  expect(differences({ from: null, to: { a: 1, b: null } })).toEqual([{ path: 'a', from: '', to: '1' }])
  expect(differences({ from: ['a'], to: ['a', 'b'] })).toEqual([{ path: '', from: '["a"]', to: '["a","b"]' }])
  expect(differences({ from_state: 'filed', to_state: 'dispatched' })).toEqual([
    { path: 'state', from: 'filed', to: 'dispatched' },
  ])
  expect(differences({ reason: 'x' })).toEqual([])
})

it('keeps the rest in short', () => {
  expect(remainder({ from: 1, to: 2, reason: '复核', empty: null })).toEqual([{ key: 'reason', value: '复核' }])
})

it('leaves ids to machines', () => {
  expect([speaks('019f1af9-b400-7038-b712-be2094dc7661'), speaks('东站')]).toEqual([false, true])
})
