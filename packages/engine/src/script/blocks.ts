import type { ScriptDiagnostic } from './diagnostic.ts'
import type { RawStatement } from './split.ts'

/** A piece of control flow. Clauses (`opening`, `condition` …) are raw: they are expanded and parsed each time they run. */
export type Node =
  | { readonly kind: 'statement'; readonly raw: RawStatement }
  | { readonly kind: 'if'; readonly raw: RawStatement; readonly branches: readonly Branch[] }
  | { readonly kind: 'switch'; readonly raw: RawStatement; readonly branches: readonly Branch[] }
  | { readonly kind: 'for'; readonly raw: RawStatement; readonly body: Block }
  | {
      readonly kind: 'do'
      readonly raw: RawStatement
      readonly body: Block
      readonly loop: RawStatement
    }
  | { readonly kind: 'sub'; readonly raw: RawStatement; readonly body: Block }

export type Block = readonly Node[]

/** IF, ELSEIF, CASE: `clause` holds the condition or values. ELSE, DEFAULT: `always`. */
export interface Branch {
  readonly clause: RawStatement
  readonly always: boolean
  readonly body: Block
}

export interface BlockTree {
  readonly block: Block
  readonly diagnostics: readonly ScriptDiagnostic[]
}

const maxDepth = 200

interface Frame {
  readonly kind: 'root' | 'if' | 'switch' | 'for' | 'do' | 'sub'
  readonly raw: RawStatement | undefined
  body: Node[]
  readonly branches: { clause: RawStatement; always: boolean; body: Node[] }[]
}

const closers: Readonly<Record<string, Frame['kind']>> = {
  'END IF': 'if',
  'END SWITCH': 'switch',
  NEXT: 'for',
  LOOP: 'do',
  'END SUB': 'sub',
}
const openers: Readonly<Record<string, Frame['kind']>> = {
  IF: 'if',
  SWITCH: 'switch',
  FOR: 'for',
  DO: 'do',
  SUB: 'sub',
}
const closerOf = {
  root: '',
  if: 'END IF',
  switch: 'END SWITCH',
  for: 'NEXT',
  do: 'LOOP',
  sub: 'END SUB',
} as const

/** Nests statements by their control clauses. Never throws: what does not fit is reported and left out. */
export function blocksOf(statements: readonly RawStatement[]): BlockTree {
  const diagnostics: ScriptDiagnostic[] = []
  const root: Frame = { kind: 'root', raw: undefined, body: [], branches: [] }
  const frames: Frame[] = [root]
  const report = (raw: RawStatement, message: string): void => {
    diagnostics.push({ code: 'script-syntax', message, span: { start: raw.start, end: raw.end } })
  }
  for (const raw of statements) {
    const top = frames[frames.length - 1] ?? root
    const opened = openers[raw.keyword]
    const closed = closers[raw.keyword]
    if (opened !== undefined) {
      if (frames.length > maxDepth)
        report(raw, `Control statements are nested deeper than ${maxDepth}`)
      else frames.push(openFrame(opened, raw))
    } else if (closed !== undefined) {
      if (top.kind !== closed) {
        report(
          raw,
          top.kind === 'root'
            ? `${raw.keyword} closes nothing`
            : `${raw.keyword} does not close the ${nameOf(top)}; ${closerOf[top.kind]} is missing`,
        )
      } else {
        frames.pop()
        frames[frames.length - 1]?.body.push(nodeOf(top, raw))
      }
    } else if (isBranch(raw.keyword)) branch(top, raw, report)
    else top.body.push({ kind: 'statement', raw })
  }
  while (frames.length > 1) {
    const open = frames.pop()
    if (open?.raw !== undefined)
      report(open.raw, `The ${nameOf(open)} is not closed; ${closerOf[open.kind]} is missing`)
  }
  return { block: root.body, diagnostics }
}

function openFrame(kind: Frame['kind'], raw: RawStatement): Frame {
  const frame: Frame = { kind, raw, body: [], branches: [] }
  if (kind === 'if') frame.branches.push({ clause: raw, always: false, body: frame.body })
  return frame
}

function isBranch(keyword: string): boolean {
  return keyword === 'ELSEIF' || keyword === 'ELSE' || keyword === 'CASE' || keyword === 'DEFAULT'
}

function branch(
  frame: Frame,
  raw: RawStatement,
  report: (raw: RawStatement, message: string) => void,
): void {
  const owner = raw.keyword === 'ELSEIF' || raw.keyword === 'ELSE' ? 'if' : 'switch'
  const last = owner === 'if' ? 'ELSE' : 'DEFAULT'
  if (frame.kind !== owner) {
    report(raw, `${raw.keyword} stands outside ${owner === 'if' ? 'an IF' : 'a SWITCH'}`)
    return
  }
  if (frame.branches.some((known) => known.always)) {
    report(raw, `${raw.keyword} follows ${last}, which must be last`)
    return
  }
  frame.body = []
  frame.branches.push({
    clause: raw,
    always: raw.keyword === 'ELSE' || raw.keyword === 'DEFAULT',
    body: frame.body,
  })
}

function nodeOf(frame: Frame, close: RawStatement): Node {
  const raw = frame.raw ?? close
  if (frame.kind === 'if' || frame.kind === 'switch')
    return { kind: frame.kind, raw, branches: frame.branches }
  if (frame.kind === 'do') return { kind: 'do', raw, body: frame.body, loop: close }
  return { kind: frame.kind === 'for' ? 'for' : 'sub', raw, body: frame.body }
}

function nameOf(frame: Frame): string {
  return frame.raw?.keyword ?? ''
}
