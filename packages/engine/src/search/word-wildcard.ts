import { compileWildcard } from '../value/wildcard.ts'
import { isWordStart } from './words.ts'

/** What stands between two stars: characters (`?` = any) and where a word must begin. */
interface Segment {
  readonly characters: readonly string[]
  /** Index of the character before which a word begins; `characters.length` = at the end. */
  readonly wordStarts: ReadonlySet<number>
}

/** `*` any text, `?` one character, `^` the beginning of a word; without regard to case, over the whole text. */
export function compileWordWildcard(pattern: string): (text: string) => boolean {
  if (!pattern.includes('^')) return compileWildcard(pattern)
  const segments = pattern.toLowerCase().split('*').map(segmentOf)
  return (text) => matchSegments(segments, text.toLowerCase())
}

function segmentOf(text: string): Segment {
  const characters: string[] = []
  const wordStarts = new Set<number>()
  for (const character of text) {
    if (character === '^') wordStarts.add(characters.length)
    else characters.push(character)
  }
  return { characters, wordStarts }
}

/** The first segment holds to the start, the last to the end, each one between at the first place it fits: no way back is needed. */
function matchSegments(segments: readonly Segment[], text: string): boolean {
  const characters = Array.from(text)
  const starts = wordStartsOf(characters)
  const first = segments[0]
  const last = segments[segments.length - 1]
  if (first === undefined || last === undefined || !fits(first, characters, starts, 0)) return false
  if (segments.length === 1) return first.characters.length === characters.length
  let at = first.characters.length
  for (const segment of segments.slice(1, -1)) {
    while (at <= characters.length && !fits(segment, characters, starts, at)) at += 1
    if (at > characters.length) return false
    at += segment.characters.length
  }
  const end = characters.length - last.characters.length
  return end >= at && fits(last, characters, starts, end)
}

function wordStartsOf(characters: readonly string[]): readonly boolean[] {
  const starts = characters.map(
    (_, at) => at === 0 || isWordStart(characters[at - 1] ?? '', (characters[at - 1] ?? '').length),
  )
  starts.push(false)
  return starts
}

function fits(
  segment: Segment,
  characters: readonly string[],
  starts: readonly boolean[],
  at: number,
): boolean {
  if (at + segment.characters.length > characters.length) return false
  for (const start of segment.wordStarts) if (starts[at + start] !== true) return false
  return segment.characters.every((wanted, i) => wanted === '?' || wanted === characters[at + i])
}
