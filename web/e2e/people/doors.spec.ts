import { expect, type Page, test } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { House, PASSWORD } from '../harness/house'
import { by, DeskPerson, field, listen, openBrowser } from '../harness/people'
import type { Browser } from '@playwright/test'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PHONE = { width: 390, height: 844 }

let house: House
let browser: Browser

test.beforeAll(async () => {
  test.setTimeout(180_000)
  house = await House.start({ seed: 4, accounts: 200 })
  browser = await openBrowser()
})

test.afterAll(async () => {
  test.setTimeout(90_000)
  await browser?.close()
  await house?.stop()
})

/** What axe finds wrong on the page, each with where. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(at: Document, how: object): Promise<{ violations: { id: string; nodes: { target: string[]; any: { message: string }[] }[] }[] }> } }).axe
    const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} — ${n.any[0]?.message ?? ''}`))
  })
}

/** Nothing wrong for anybody's eyes or ears, once what moves has come to rest. */
async function isClean(page: Page, name: string) {
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {})
  expect.soft(await faults(page), name).toEqual([])
}

const HAN = /[\u4e00-\u9fff]/

/** accepts AD-01 R-14: a wrong password is refused in words, the right one lets in */
test('sign-in refuses in words and lets in', async () => {
  const page = await browser.newPage({ locale: 'zh-CN' })
  await page.goto(`${house.url}/desk/`)
  await isClean(page, 'sign-in')
  await field(page, 'login').fill('agent02')
  await field(page, 'password').fill('wrong')
  await by(page, 'submit').click()
  await expect(by(page, 'problem')).toHaveText(HAN)
  await field(page, 'password').fill(PASSWORD)
  await by(page, 'submit').click()
  await expect(by(page, 'me')).toBeVisible()
  await expect(page).toHaveURL(/\/desk\/work/)
  await page.close()
})

/** accepts AD-05 R-15: a page without the right to it says which right is missing */
test('a page that one may not see says so', async () => {
  const agent = await DeskPerson.enter(house, browser, 'agent02')
  await agent.open('/today')
  await expect(agent.page.locator('main')).toContainText(HAN)
  await expect(by(agent.page, 'forbidden')).toBeVisible()
  await isClean(agent.page, 'no permission')
  await agent.leave()
})

/** accepts PL-01 PL-02: every page of the desk renders, in Chinese, without errors or barriers */
test('the desk’s pages are whole', async () => {
  test.setTimeout(180_000)
  const agent = await DeskPerson.enter(house, browser, 'agent02')
  for (const path of ['/work', '/orders', '/revisits', '/customers', '/calls', '/me']) {
    await agent.open(path)
    await expect(agent.page.locator('main')).toContainText(HAN)
    await isClean(agent.page, path)
  }
  expect.soft(agent.said).toEqual([])
  await agent.leave()
  const manager = await DeskPerson.enter(house, browser, 'manager01')
  const order = await house.value(`select id from orders.work_order where state = 'closed' order by opened_at desc limit 1`)
  for (const path of ['/today', '/backlog', '/dispatch', `/orders/${order}`]) {
    await manager.open(path)
    await expect(manager.page.locator('main')).toContainText(HAN)
    await isClean(manager.page, path.replace(order, ':id'))
  }
  expect.soft(manager.said).toEqual([])
  await manager.leave()
})

/** accepts R-12: every page about fees renders, in Chinese, without errors or barriers */
test('the pages about fees are whole', async () => {
  test.setTimeout(180_000)
  const account = await house.value('select id from directory.account order by account_no limit 1')
  const pages = {
    cashier01: ['/fees/counter', '/fees/back', `/customers/${account}?tab=fees`],
    finance01: ['/fees/day', '/fees/openings', '/fees/packs', '/fees/book', '/fees/reports', '/business/applications', '/quality'],
    manager01: ['/fees/reports?report=ages', '/fees/reports?report=curves', '/imports', '/book'],
  }
  for (const [login, paths] of Object.entries(pages)) {
    const person = await DeskPerson.enter(house, browser, login)
    for (const path of paths) {
      await person.open(path)
      await expect(person.page.locator('main')).toContainText(HAN)
      await expect(by(person.page, 'forbidden'), `${login} on ${path}`).toHaveCount(0)
      await expect(person.page.locator('main'), path).not.toContainText('没有这个页面')
      await isClean(person.page, path.replace(account, ':id'))
    }
    expect.soft(person.said).toEqual([])
    await person.leave()
  }
})

/** accepts PL-03: the same desk in English, and back */
test('the desk speaks English too', async () => {
  const agent = await DeskPerson.enter(house, browser, 'agent02')
  await by(agent.page, 'language').click()
  await expect(agent.page.locator('nav').first()).toContainText(/Orders/)
  await agent.page.reload()
  await expect(agent.page.locator('nav').first()).toContainText(/Orders/)
  await by(agent.page, 'language').click()
  await expect(agent.page.locator('nav').first()).toContainText('工单')
  expect.soft(agent.said).toEqual([])
  await agent.leave()
})

/** accepts MO-01: the repairer's app renders on a telephone's screen, in both languages */
test('the field app is whole', async () => {
  const page = await browser.newPage({ viewport: PHONE, locale: 'zh-CN' })
  const said = listen(page)
  await page.goto(`${house.url}/field/`)
  await expect(by(page, 'sign-in')).toBeVisible()
  await isClean(page, 'field sign-in')
  await field(page, 'login').fill('repairer01')
  await field(page, 'password').fill(PASSWORD)
  await by(page, 'sign-in').click()
  await expect(by(page, 'tasks-page')).toContainText(HAN)
  await isClean(page, 'field tasks')
  for (const tab of ['tab-queue', 'tab-me']) {
    await by(page, tab).click()
    await isClean(page, `field ${tab}`)
  }
  await by(page, 'language-en').click()
  await expect(by(page, 'me-page')).toContainText(/Language/)
  expect.soft(said).toEqual([])
  await page.close()
})

/** accepts CH-12: the customer's pages and the caller's page */
test('the portal is whole', async () => {
  const page = await browser.newPage({ viewport: PHONE, locale: 'zh-CN' })
  const said = listen(page)
  for (const path of ['/', '/find', '/report', '/call']) {
    await page.goto(`${house.url}/portal${path}`)
    await expect(page.locator('main')).toContainText(HAN)
    await isClean(page, `portal ${path}`)
  }
  expect.soft(said).toEqual([])
  await page.close()
})

/** accepts PB-18: the wall */
test('the wall is whole', async () => {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN' })
  const said = listen(page)
  await page.goto(`${house.url}/wall/`)
  await isClean(page, 'wall sign-in')
  await field(page, 'login').fill('wall')
  await field(page, 'password').fill(PASSWORD)
  await by(page, 'sign-in').click()
  await expect(by(page, 'wall')).toContainText(HAN)
  await expect(by(page, 'freshness')).toBeVisible()
  await isClean(page, 'wall')
  expect.soft(said).toEqual([])
  await page.close()
})
