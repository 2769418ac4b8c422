import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Writes sections of Markdown into a file; see `withSections`. */
export function writeSections(path: string, fresh: string): void {
  const old = existsSync(path) ? readFileSync(path, 'utf8') : ''
  writeFileSync(path, withSections(old, fresh))
}

/**
 * A text whose sections, each from a line `## title` to the next, are replaced by those of the same title in `fresh`; new ones come last.
 * What stands before the first section is replaced too, where `fresh` has something there.
 */
export function withSections(old: string, fresh: string): string {
  const kept = sectionsOf(old)
  for (const [title, text] of sectionsOf(fresh))
    if (title !== '' || text !== '') kept.set(title, text)
  return [...kept.values()]
    .filter((text) => text !== '')
    .map((text) => `${text}\n`)
    .join('\n')
}

/** By title, in order, without blank lines at the ends; first, under no title, what stands before them. */
function sectionsOf(text: string): Map<string, string> {
  const parts = text.split(/^(?=## )/m)
  const head = parts[0]?.startsWith('## ') ? [] : parts.splice(0, 1)
  return new Map([
    ['', head.join('').trim()],
    ...parts.map((part) => [part.split('\n', 1)[0] ?? '', part.trim()] as const),
  ])
}
