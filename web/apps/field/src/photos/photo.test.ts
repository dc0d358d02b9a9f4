// @vitest-environment node
import { expect, it } from 'vitest'
import { fit, sha256 } from './photo'

it('a picture is shrunk to 1600 pixels on its longer edge and never enlarged', () => {
  expect(fit(4000, 3000)).toEqual([1600, 1200])
  expect(fit(3000, 4000)).toEqual([1200, 1600])
  expect(fit(800, 600)).toEqual([800, 600])
  expect(fit(5000, 1)).toEqual([1600, 1])
})

it('a hash is the one that the server computes', async () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(await sha256(new Blob(['abc']))).toBe(abc)
})
