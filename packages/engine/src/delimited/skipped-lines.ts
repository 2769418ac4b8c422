import { lineAfter, unfinished } from './line-ends.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const blank = 0x20
const tab = 0x09

/** Where the line at `from` ends that is a comment or blank; `from` itself for a record. `final`: no bytes follow those given. */
export function endOfSkippedLine(
  bytes: Uint8Array,
  from: number,
  final: boolean,
  delimiter: Uint8Array,
  comment: Uint8Array | undefined,
): number {
  const { length } = bytes
  if (comment !== undefined) {
    const known = Math.min(comment.length, length - from)
    let same = 0
    while (same < known && bytes[from + same] === comment[same]) same += 1
    if (same === comment.length) return lineAfter(bytes, from, final)
    if (same === known && known < comment.length && !final) return unfinished
  }
  let at = from
  while (at < length && (bytes[at] === blank || (bytes[at] === tab && delimiter[0] !== tab)))
    at += 1
  if (at === length) return final ? at : unfinished
  const byte = bytes[at]
  return byte === lineFeed || byte === carriageReturn ? lineAfter(bytes, at, final) : from
}
