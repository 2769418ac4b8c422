const blank = 0x20
const tab = 0x09

/** Behind the blanks and tabs at `from`. */
export function afterBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === blank || bytes[at] === tab) at += 1
  return at
}

/** Where bytes[start … end) end without what is blank only: `start` when all of it is. */
export function endUnlessBlank(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === blank) at += 1
  return at === end ? start : end
}
