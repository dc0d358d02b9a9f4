// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { sheetOf } from './sheet'

function table(html: string): HTMLTableElement {
  const holder = document.createElement('div')
  holder.innerHTML = `<table>${html}</table>`
  return holder.querySelector('table') as HTMLTableElement
}

describe('a list as it stands on the page', () => {
  it('keeps words, counts and amounts, and leaves out buttons', () => {
    const sheet = sheetOf(
      table(`<thead><tr><th>户名</th><th class="num">户数</th><th class="num">欠费</th><th></th></tr></thead>
        <tbody><tr><td><button class="link-button">王五</button><div class="tiny">阳光小区</div><svg>x</svg></td>
        <td class="num">12</td><td class="num"><span class="money" data-fen="12345">¥123.45</span></td><td><button class="el-button">认领</button></td></tr></tbody>`),
    )
    expect(sheet).toEqual({ columns: ['户名', '户数', '欠费'], rows: [['王五 阳光小区', 12, { fen: 12345 }]] })
  })

  it('takes numbers of accounts as words, and an amount with words beside it as words', () => {
    const sheet = sheetOf(
      table(`<thead><tr><th>户号</th><th class="num">金额</th></tr></thead>
        <tbody><tr><td>100200300</td><td class="num"><span data-fen="5">¥0.05</span><div>共 2 户</div></td></tr></tbody>`),
    )
    expect(sheet.rows).toEqual([['100200300', '¥0.05 共 2 户']])
  })

  it('keeps columns in place where a field spans several', () => {
    const sheet = sheetOf(
      table('<thead><tr><th>a</th><th>b</th><th>c</th></tr></thead><tbody><tr><td colspan="2">合计</td><td class="num">3</td></tr></tbody>'),
    )
    expect(sheet.rows).toEqual([['合计', '', 3]])
  })
})
