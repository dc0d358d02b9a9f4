import type { business } from '@hearthline/api'

/** A list as it is pasted from a sheet: meter, day, reading. What is no such line is not taken. */
export function linesOf(text: string): { lines: business.NewReading[]; wrong: number[] } {
  const lines: business.NewReading[] = []
  const wrong: number[] = []
  text.split(/\r?\n/).forEach((line, i) => {
    if (!line.trim()) return
    const [meter_number = '', on = '', value = ''] = line.trim().split(/[\s,，;]+/)
    const day = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(on)
    if (!day || !/^\d{1,10}(\.\d{1,3})?$/.test(value)) {
      wrong.push(i + 1)
      return
    }
    const read_on = `${day[1]}-${(day[2] ?? '').padStart(2, '0')}-${(day[3] ?? '').padStart(2, '0')}`
    lines.push({ meter_number, read_on, value })
  })
  return { lines, wrong }
}

/** Thousandths as people read them. */
export const units = (milli: number) => (milli / 1000).toFixed(3).replace(/\.?0+$/, '')
