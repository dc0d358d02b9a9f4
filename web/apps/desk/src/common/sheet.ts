/** A field of a list: words, a number of things, or an amount in fen. */
export type Cell = string | number | { fen: number }

/** A list as it stands on the page. */
export interface Sheet {
  columns: string[]
  rows: Cell[][]
}

/** The words of a field: its blocks divided by spaces, without icons and buttons that act. */
function words(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? ''
  if (!(node instanceof Element) || node.matches('svg, .el-button, [data-no-sheet]')) return ''
  const inner = [...node.childNodes].map(words).join('')
  return node.matches('div, p, li, dd, span, strong') ? ` ${inner} ` : inner
}

const clean = (text: string) => text.replace(/\s+/g, ' ').trim()

function cell(td: Element): Cell {
  const money = td.querySelectorAll('[data-fen]')
  const text = clean(words(td))
  if (money.length === 1 && clean(words(money[0] as Element)) === text) return { fen: Number(money[0]?.getAttribute('data-fen')) }
  // Numbers of accounts and slips are words: only what stands to the right is counted with.
  return td.matches('.num') && /^-?\d{1,9}$/.test(text) ? Number(text) : text
}

/** Reads the table that somebody looks at; columns without a name hold buttons and are left out. */
export function sheetOf(table: HTMLTableElement): Sheet {
  const heads = [...(table.querySelector('thead tr')?.children ?? [])]
  const kept = heads.map((th, at) => ({ at, name: clean(words(th)) })).filter((c) => c.name && !heads[c.at]?.matches('[data-no-sheet]'))
  const rows = [...table.querySelectorAll('tbody tr, tfoot tr')].map((tr) => {
    const fields: Cell[] = []
    // A field over several columns stands in the first of them.
    for (const td of tr.children) fields.push(cell(td), ...Array<Cell>(Number(td.getAttribute('colspan') ?? 1) - 1).fill(''))
    return kept.map((c) => fields[c.at] ?? '')
  })
  return { columns: kept.map((c) => c.name), rows }
}

/** An amount as paper shows it. */
export const shown = (c: Cell, money: (fen: number) => string) => (typeof c === 'object' ? money(c.fen) : String(c))
