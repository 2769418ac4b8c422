const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The bytes at hand end before what was sought; more may follow. */
export const unfinished = -1

/** Where the line after the one that holds `from` begins. `final`: no bytes follow those given. */
export function lineAfter(bytes: Uint8Array, from: number, final: boolean): number {
  let at = from
  const { length } = bytes
  while (at < length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at += 1
  return at < length ? afterLineEnd(bytes, at, final) : final ? at : unfinished
}

/** Behind the LF, CR or CRLF at `at`. */
export function afterLineEnd(bytes: Uint8Array, at: number, final: boolean): number {
  if (bytes[at] === lineFeed) return at + 1
  if (at + 1 === bytes.length && !final) return unfinished
  return bytes[at + 1] === lineFeed ? at + 2 : at + 1
}
