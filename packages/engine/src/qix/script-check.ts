import type { JsonObject } from '../app/document.ts'
import { positionOf } from '../base/errors.ts'
import { blocksOf } from '../script/blocks.ts'
import type { ScriptDiagnostic } from '../script/diagnostic.ts'
import { parseStatement } from '../script/parse-statement.ts'
import { splitScript } from '../script/split.ts'

/** A section of a script begins with a line `///$tab Name`. */
const tab = /^\/\/\/\$tab .*$/gm

/** Statements that a control statement parses, and those whose text is known only when the script runs, are not parsed here. */
const control = new Set([
  'SUB',
  'CALL',
  'FOR',
  'NEXT',
  'DO',
  'LOOP',
  'IF',
  'ELSEIF',
  'ELSE',
  'END IF',
  'END SUB',
  'SWITCH',
  'CASE',
  'DEFAULT',
  'END SWITCH',
  'EXIT',
  '$',
  '',
])

/** ScriptSyntaxError of everything that is wrong in a script without running it. Offsets are UTF-16 units. */
export function checkScript(script: string): JsonObject[] {
  const { statements, diagnostics } = splitScript(script)
  const found: ScriptDiagnostic[] = [...diagnostics, ...blocksOf(statements).diagnostics]
  for (const { text, start, keyword } of statements) {
    if (control.has(keyword) || text.includes('$(')) continue
    for (const { span, ...rest } of parseStatement(text).diagnostics)
      found.push({ ...rest, span: { start: span.start + start, end: span.end + start } })
  }
  const tabs = [...script.matchAll(tab)].map(({ index }) => index)
  return found
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ span }) => {
      const inTab = tabs.filter((start) => start <= span.start).length
      const tabStart = tabs[inTab - 1] ?? 0
      const { line, column } = positionOf(script.slice(tabStart), span.start - tabStart)
      return {
        qErrLen: Math.max(1, span.end - span.start),
        qTabIx: Math.max(0, inTab - 1),
        qLineInTab: line - 1,
        qColInLine: column - 1,
        qTextPos: span.start,
        qSecondaryFailure: false,
      }
    })
}
