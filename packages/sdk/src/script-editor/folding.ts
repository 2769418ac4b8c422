import { foldService } from '@codemirror/language'
import type { Extension, Text } from '@codemirror/state'
import { type Outline, outlineOf, type Range } from './outline.ts'

/** Folds control blocks, statements over several lines, data of INLINE, comments and sections. */
export const folding: Extension = foldService.of((state, lineStart) => {
  const to = foldsOf(state.doc).get(lineStart)
  const from = state.doc.lineAt(lineStart).to
  return to === undefined || to <= from ? null : { from, to }
})

const known = new WeakMap<Text, ReadonlyMap<number, number>>()

/** Start of a line → end of what it folds. Of several folds at one line the longest is kept. */
function foldsOf(doc: Text): ReadonlyMap<number, number> {
  const found = known.get(doc)
  if (found !== undefined) return found
  const folds = new Map<number, number>()
  const outline = outlineOf(doc)
  for (const { from, to } of [
    ...outline.spans,
    ...outline.statements,
    ...blocks(doc, outline),
    ...sections(doc, outline),
  ]) {
    const line = doc.lineAt(from).from
    folds.set(line, Math.max(folds.get(line) ?? 0, to))
  }
  known.set(doc, folds)
  return folds
}

const openers = new Set(['IF', 'SUB', 'FOR', 'DO', 'SWITCH'])
const branches = new Set(['ELSE', 'ELSEIF', 'CASE', 'DEFAULT'])
const closers: Readonly<Record<string, string>> = {
  'END IF': 'IF',
  'END SUB': 'SUB',
  NEXT: 'FOR',
  LOOP: 'DO',
  'END SWITCH': 'SWITCH',
}

/** From a control clause to the end of the line before the clause that ends it; SWITCH to its end. A closer without its opener is passed over. */
function blocks(doc: Text, { statements }: Outline): Range[] {
  const folds: Range[] = []
  const open: { readonly keyword: string; readonly from: number; branch: number }[] = []
  for (const { keyword, from } of statements) {
    const top = open.at(-1)
    const to = doc.lineAt(from).from - 1
    if (openers.has(keyword)) open.push({ keyword, from, branch: from })
    else if (top !== undefined && closers[keyword] === top.keyword) {
      folds.push({ from: top.branch, to })
      if (keyword === 'END SWITCH') folds.push({ from: top.from, to })
      open.pop()
    } else if (top !== undefined && branches.has(keyword)) {
      folds.push({ from: top.branch, to })
      top.branch = from
    }
  }
  return folds
}

/** Each section to the last line with text before the next. */
function sections(doc: Text, { sections }: Outline): Range[] {
  return sections.map((from, at) => {
    let line = doc.lineAt((sections[at + 1] ?? doc.length + 1) - 1)
    while (line.from > from && line.text.trim() === '') line = doc.line(line.number - 1)
    return { from, to: line.to }
  })
}
