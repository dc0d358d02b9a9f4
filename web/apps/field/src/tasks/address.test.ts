// @vitest-environment node
import { expect, it } from 'vitest'
import { pieces } from './address'

it('an address breaks before each of its numbers', () => {
  expect(pieces('锦绣家园11号楼1单元1203')).toEqual(['锦绣家园', '11号楼', '1单元', '1203'])
  expect(pieces('阳光 3-2-602')).toEqual(['阳光 ', '3-2-602'])
  expect(pieces('')).toEqual([])
})
