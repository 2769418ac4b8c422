import type { JsonObject } from '../app/document.ts'
import { positionOf } from '../base/errors.ts'
import { checkScript } from '../script/check.ts'

/** A section of a script begins with a line `///$tab Name`. */
const tab = /^\/\/\/\$tab .*$/gm

/** ScriptSyntaxError of everything that is wrong in a script without running it. Offsets are UTF-16 units. */
export function scriptSyntaxErrors(script: string): JsonObject[] {
  const tabs = [...script.matchAll(tab)].map(({ index }) => index)
  return checkScript({ name: 'script', text: script })
    .filter(({ severity }) => severity === undefined)
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
