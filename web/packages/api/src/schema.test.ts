// @vitest-environment node
import { readFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'
import { filled } from './call'
import fresh from './schema.ts?raw'

/** accepts XB-01 */
it('types the operations of the document that the server wrote', async () => {
  const document = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')
  const made = astToString(await openapiTS(JSON.parse(document)))
  const body = (source: string) => source.slice(source.indexOf('export interface paths')).trim()
  expect(body(fresh) === body(made), 'docs/openapi.json changed: npm run gen').toBe(true)
}, 30_000)

it('puts values into paths so that no value can leave its place', () => {
  expect(filled('/api/orders/{id}/chase', { id: 'a/b?c' })).toBe('/api/orders/a%2Fb%3Fc/chase')
})
