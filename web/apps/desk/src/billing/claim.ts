/** Lines of "2026-12-01 15.5" as measured days; what is no such line is left out. */
export function coldDays(text: string): { on: string; celsius: string }[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d{4}-\d{2}-\d{2})[\s,，;；]+(-?\d{1,2}(?:\.\d{1,2})?)\s*(?:℃|°C)?\s*$/.exec(line)
    return found ? [{ on: found[1] as string, celsius: found[2] as string }] : []
  })
}
