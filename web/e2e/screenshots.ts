import { expect, type Page, test } from '@playwright/test'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { House, PASSWORD, ROOT } from './harness/house'
import { by, field } from './harness/people'
import { Story } from './harness/story'

const FOLDER = join(ROOT, 'docs/images')
/** No picture of the README is heavier, bytes. */
const HEAVIEST = 300_000

/** A picture of the page as it is when everything has come to rest. */
async function picture(page: Page, name: string) {
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => {})
  await page.waitForTimeout(800)
  const path = join(FOLDER, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', scale: 'css' })
  expect(statSync(path).size, `${name}.png in bytes`).toBeLessThan(HEAVIEST)
}

test('the pictures of the README', async () => {
  mkdirSync(FOLDER, { recursive: true })
  const house = await House.start({ seed: 1, accounts: 500 })
  const story = await Story.begin(house)
  try {
    await story.dial()
    await story.choose()
    await story.rings()
    await story.answer()
    await picture(story.agent.page, 'desk-workspace')
    await story.file()
    await story.endCall()
    await story.dispatcher.open(`/dispatch?order=${story.orderId}`)
    await expect(by(story.dispatcher.page, 'candidate').first()).toBeVisible()
    await picture(story.dispatcher.page, 'desk-dispatch')
    await story.dispatch()
    await story.accept()
    await story.setOut()
    const portal = await story.otherBrowser.newPage({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
    await portal.goto(await story.linkTo('repairer_for_customer'))
    await expect(by(portal, 'repairer-name')).toBeVisible()
    await picture(portal, 'portal-progress')
    await story.arrive()
    await story.photoBefore()
    await story.cause()
    await picture(story.repairer.page, 'field-task')
    await story.photoAfter()
    await story.temperature()
    await story.signature()
    await story.finish()
    await story.pass()
    await story.revisitCall()
    await story.record('satisfied')
    await story.endRevisitCall()
    const manager = await story.visitor('manager01')
    await manager.open(`/orders/${story.orderId}`)
    await expect(by(manager.page, 'recording').first()).toBeVisible()
    await picture(manager.page, 'desk-order')
    await manager.open('/today')
    await expect(by(manager.page, 'tile-arrived')).toBeVisible()
    await picture(manager.page, 'desk-numbers')
    const wall = await story.otherBrowser.newPage({ viewport: { width: 1600, height: 900 }, locale: 'zh-CN' })
    await wall.goto(`${house.url}/wall/`)
    await field(wall, 'login').fill('wall')
    await field(wall, 'password').fill(PASSWORD)
    await by(wall, 'sign-in').click()
    await expect(by(wall, 'freshness')).toBeVisible()
    await picture(wall, 'wall')
  } finally {
    await story.end()
    await house.stop()
  }
})
