import { type Browser, expect, test } from '@playwright/test'
import { House } from '../harness/house'
import { by, DeskPerson, field, openBrowser } from '../harness/people'
import { until } from '../harness/until'

test.describe.configure({ mode: 'serial' })

let house: House
let browser: Browser
let cashier: DeskPerson
/** A household of the demonstration that owes money and that nothing holds back. */
let debtor = { id: '', no: '', name: '' }
let owed = 0
/** The cash in the book before anybody paid. */
let before = ''
const cash = () => house.value(`select coalesce(sum(amount_fen), 0) from ledger.entry where ledger = 'cash'`)

const HAN = /[\u4e00-\u9fff]/

test.beforeAll(async () => {
  test.setTimeout(180_000)
  house = await House.start({ seed: 7, accounts: 300 })
  browser = await openBrowser()
  const rows = await house.rows(`
    select a.id, a.account_no, p.name, sum(e.amount_fen)
    from ledger.entry e join directory.account a on a.id = e.account_id join directory.person p on p.id = a.person_id
    where e.ledger = 'receivable' and not exists (select from billing.hold h where h.account_id = a.id)
    group by 1, 2, 3 having sum(e.amount_fen) > 10000 order by a.account_no limit 1`)
  const [id = '', no = '', name = '', fen = ''] = rows[0] ?? []
  debtor = { id, no, name }
  owed = Number(fen)
  before = await cash()
})

test.afterAll(async () => {
  test.setTimeout(90_000)
  await browser?.close()
  await house?.stop()
})

const balance = async () =>
  Number(await house.value(`select coalesce(sum(amount_fen), 0) from ledger.entry where account_id = '${debtor.id}' and ledger = 'receivable'`))

/** accepts R-12 PY-01: a shift is opened, and a customer pays in cash without a hand on the mouse */
test('a cashier takes cash with the keyboard alone, and the book knows it', async () => {
  cashier = await DeskPerson.enter(house, browser, 'cashier01')
  const { page } = cashier
  // A browser without a head dies of printing a PDF: the receipt is fetched and looked at, and a plain page is printed.
  const receipts: string[] = []
  await page.route(/\/api\/payments\/receipts\/.*pdf/, async (route) => {
    const answer = await route.fetch()
    receipts.push((await answer.body()).subarray(0, 5).toString())
    await route.fulfill({ contentType: 'text/html', body: '<p>receipt</p>' })
  })
  await page.addInitScript(() => (window.print = () => {}))
  await cashier.open('/fees/counter')
  await by(page, 'shift-open').click()
  await expect(by(page, 'shift-bar')).toHaveAttribute('data-state', 'open')
  await field(page, 'counter-find').focus()
  await page.keyboard.type(debtor.no)
  await expect(by(page, 'counter-hit').first()).toContainText(debtor.no)
  await page.keyboard.press('Enter')
  await expect(by(page, 'counter-item').first()).toBeVisible()
  await expect(by(page, 'counter-due')).toHaveText(/¥/)
  await expect(field(page, 'counter-tendered')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(by(page, 'counter-paid')).toContainText(HAN)
  await expect(by(page, 'my-payment')).toHaveCount(1)
  await expect.poll(() => receipts).toEqual(['%PDF-'])
  expect(await balance(), `of ${owed} fen`).toBe(0)
  expect(await house.value(`select coalesce(sum(amount_fen), 0) from ledger.entry`)).toBe('0')
  await expect(field(page, 'counter-find')).toBeFocused()
})

/** accepts BI-33: customer service sees at once what the counter took, and every figure opens into its lines */
test('the household’s page explains what was charged and shows the payment', async () => {
  const agent = await DeskPerson.enter(house, browser, 'agent03')
  const { page } = agent
  await agent.open(`/customers/${debtor.id}?tab=fees`)
  await expect(by(page, 'account-fees')).toBeVisible()
  await expect(by(page, 'fee-season').first()).toBeVisible()
  await by(page, 'explain').first().click()
  await expect(by(page, 'fee-season').first()).toContainText(/平方米 × .* 元/)
  expect.soft(agent.said).toEqual([])
  await agent.leave()
})

/** accepts PY-01 BI-19: a payment is taken back the same day, and the shift counts to the fen */
test('a payment is reversed, and the drawer agrees when the shift is counted', async () => {
  const { page } = cashier
  await by(page, 'reverse').first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await dialog.locator('textarea, input').first().fill('收错户')
  await dialog.locator('button[type="submit"], .el-button--primary, .el-button--danger').last().click()
  await until('the household owes again', 10_000, async () => (await balance()) === owed)
  await by(page, 'shift-close').click()
  await field(page, 'shift-counted').fill('200')
  await by(page, 'shift-count').click()
  await by(page, 'shift-finish').click()
  await expect(by(page, 'shift-bar')).toHaveAttribute('data-state', 'none')
  expect(await cash(), 'what was taken went back').toBe(before)
  expect.soft(cashier.said).toEqual([])
  await cashier.leave()
})

/** accepts ST-24 BI-17: a manager looks at the fees of now and of then, and opens a figure */
test('fee reports show every moment and open into households', async () => {
  const manager = await DeskPerson.enter(house, browser, 'manager01')
  const { page } = manager
  await manager.open('/fees/reports')
  await expect(by(page, 'pivot')).toBeVisible()
  await expect(by(page, 'fee-rate')).toHaveText(/%/)
  await by(page, 'pivot-row').first().click()
  await expect(by(page, 'fee-households')).toContainText(HAN)
  await page.keyboard.press('Escape')
  for (const report of ['curves', 'ages', 'journal', 'vouchers', 'states']) {
    await manager.open(`/fees/reports?report=${report}`)
    await expect(page.locator('main')).toContainText(HAN)
    await expect(page.locator('main [data-test="problem"], main .error')).toHaveCount(0)
  }
  await manager.open('/fees/reports?valid_on=2020-01-01')
  await expect(page.locator('main')).toContainText(HAN)
  await expect(by(page, 'pivot')).toHaveCount(0)
  expect.soft(manager.said).toEqual([])
  await manager.leave()
})
