import type { ScriptState } from './state.ts'

const outdented = /^(?:end\s*(?:if|sub|switch)|next|loop|else|elseif)\b/i
const branch = /^(?:case|default)\b/i
const endOfSwitch = /^end\s*switch\b/i
/** Clauses of LOAD stand where its statement does. */
const clause =
  /^(?:load|sql|select|from|resident|inline|autogenerate|where|while|group\s+by|order\s+by|(?:left|right|inner|outer)\s+(?:join|keep)|join|keep|concatenate|noconcatenate|mapping|crosstable|generic|intervalmatch|hierarchy|first|sample|buffer)\b/i

/** Columns before the text of a line that begins in `state`; null keeps what is there: data, quotes and comments. */
export function indentOf(state: ScriptState, textAfter: string, unit: number): number | null {
  if (state.open !== '') return null
  const depth = state.blocks.length
  const isOpen = state.mode !== '' && state.mode !== 'control'
  if (isOpen) return unit * (depth + depthInStatement(state, textAfter))
  if (endOfSwitch.test(textAfter))
    return unit * Math.max(0, depth - (state.blocks.endsWith('c') ? 2 : 1))
  if (outdented.test(textAfter)) return unit * Math.max(0, depth - 1)
  if (branch.test(textAfter) && state.blocks.endsWith('c')) return unit * (depth - 1)
  return unit * depth
}

function depthInStatement({ part, brackets }: ScriptState, textAfter: string): number {
  const closing = /^[)}]/.test(textAfter) ? 1 : 0
  if (brackets !== '') return 1 + brackets.length - closing
  return part === 'prefix' || clause.test(textAfter) ? 0 : 1
}
