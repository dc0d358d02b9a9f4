import { expect, test } from '@playwright/test'
import type { Browser } from '@playwright/test'
import { Api } from '../harness/api'
import { House } from '../harness/house'
import { Agent, by, openBrowser } from '../harness/people'
import { until } from '../harness/until'

const AGENT_HZ = 1_000
const CALLER_HZ = 700

let house: House
let desk: Browser
let home: Browser

test.beforeAll(async () => {
  test.setTimeout(180_000)
  house = await House.start({ seed: 4 })
  desk = await openBrowser(AGENT_HZ)
  home = await openBrowser(CALLER_HZ)
})

test.afterAll(async () => {
  test.setTimeout(90_000)
  await desk?.close()
  await home?.close()
  await house?.stop()
})

/** accepts PB-11: in the demonstration the agent's call to a customer rings in the open caller's page */
test('a call to a customer rings in the open caller page, and both speak', async () => {
  const agent = await Agent.enter(house, desk, 'agent01')
  const page = await home.newPage({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
  await page.goto(`${house.url}/portal/call`)
  await expect(by(page, 'call-page')).toHaveAttribute('data-state', 'idle')
  const number = await house.value(`select number from directory.phone order by number limit 1`)
  const api = await Api.signIn(house, 'agent01')
  await expect(by(page, 'call-page')).toHaveAttribute('data-reachable', 'true')
  // The switch's adapter looks each second who is registered.
  await page.waitForTimeout(1_500)
  const { id } = await api.send<{ id: string }>('POST', '/telephony/dial', { number })
  await expect(by(page, 'talk')).toHaveAttribute('data-state', 'incoming')
  await expect(by(page, 'call-to')).toContainText(number)
  await by(page, 'answer').click()
  await agent.phase('talking')
  await expect(by(page, 'talk')).toHaveAttribute('data-state', 'talking')
  await agent.hearsTone(CALLER_HZ)
  await by(page, 'hang-up').click()
  await agent.wrapUp()
  await until('the call is on record', 10_000, async () =>
    (await house.value(`select outcome from telephony.call where id = '${id}'`)) === 'answered')
  await page.close()
})
