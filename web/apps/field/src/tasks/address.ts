/** The parts of an address as people say it: each number begins one. */
export function pieces(address: string): string[] {
  return address.split(/(?<![\d-])(?=\d)/).filter((part) => part !== '')
}
