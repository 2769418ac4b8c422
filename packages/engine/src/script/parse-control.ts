import { Cursor, SyntaxFault } from './cursor.ts'
import type { ScriptDiagnostic } from './diagnostic.ts'
import type { Fragment, Name } from './statement.ts'

/** The clause of a control statement, expansions done. */
export type ControlClause =
  | { readonly kind: 'if' | 'switch'; readonly expression: Fragment }
  | { readonly kind: 'case'; readonly values: readonly Fragment[] }
  | {
      readonly kind: 'for'
      readonly variable: string
      readonly from: Fragment
      readonly to: Fragment
      readonly step: Fragment | undefined
    }
  | { readonly kind: 'for-each'; readonly variable: string; readonly items: readonly ForEachItem[] }
  | { readonly kind: 'do'; readonly condition: Fragment | undefined; readonly wanted: boolean }
  | { readonly kind: 'sub'; readonly name: Name; readonly parameters: readonly string[] }

export type ForEachItem =
  | { readonly kind: 'value'; readonly expression: Fragment }
  | { readonly kind: 'files' | 'directories' | 'field-values'; readonly argument: Fragment }

export interface ParsedControl {
  readonly clause: ControlClause | undefined
  readonly diagnostics: readonly ScriptDiagnostic[]
}

/** Parses IF, ELSEIF, SWITCH, CASE, FOR, FOR EACH, DO, LOOP and SUB. Never throws. */
export function parseControl(text: string): ParsedControl {
  const cursor = new Cursor(text)
  try {
    const clause = controlClause(cursor)
    cursor.expectEnd('the clause')
    return { clause, diagnostics: [] }
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    const span = {
      start: Math.min(fault.span.start, Math.max(0, text.length - 1)),
      end: Math.min(fault.span.end, text.length),
    }
    return {
      clause: undefined,
      diagnostics: [{ code: 'script-syntax', message: fault.message, span }],
    }
  }
}

const thenStop: ReadonlySet<string> = new Set(['THEN'])
const toStop: ReadonlySet<string> = new Set(['TO'])
const stepStop: ReadonlySet<string> = new Set(['STEP'])

function controlClause(cursor: Cursor): ControlClause {
  const word = cursor.takeAny(['IF', 'ELSEIF', 'SWITCH', 'CASE', 'FOR', 'DO', 'LOOP', 'SUB'])
  switch (word) {
    case 'IF':
    case 'ELSEIF': {
      const expression = cursor.expression(`a condition after ${word}`, thenStop)
      cursor.expect('THEN', 'on the line of the condition')
      return { kind: 'if', expression }
    }
    case 'SWITCH':
      return { kind: 'switch', expression: cursor.expression('an expression after SWITCH') }
    case 'CASE':
      return { kind: 'case', values: cursor.expressions('a value after CASE') }
    case 'FOR':
      return cursor.take('EACH') ? forEach(cursor) : counted(cursor)
    case 'SUB':
      return sub(cursor)
    default: {
      const until = cursor.take('UNTIL')
      if (!until && !cursor.take('WHILE')) return { kind: 'do', condition: undefined, wanted: true }
      return { kind: 'do', condition: cursor.expression('a condition'), wanted: !until }
    }
  }
}

function counted(cursor: Cursor): ControlClause {
  const variable = cursor.name('a variable name after FOR').text
  cursor.expectSign('=', 'after the variable of FOR')
  const from = cursor.expression('the first value of FOR', toStop)
  cursor.expect('TO', 'after the first value of FOR')
  const to = cursor.expression('the last value of FOR', stepStop)
  return {
    kind: 'for',
    variable,
    from,
    to,
    step: cursor.take('STEP') ? cursor.expression('the step of FOR') : undefined,
  }
}

function forEach(cursor: Cursor): ControlClause {
  const variable = cursor.name('a variable name after FOR EACH').text
  cursor.expect('IN', 'after the variable of FOR EACH')
  const items: ForEachItem[] = []
  do {
    const list = cursor.takeAny(['FILELIST', 'DIRLIST', 'FIELDVALUELIST'])
    if (list === undefined)
      items.push({ kind: 'value', expression: cursor.expression('a value of the list') })
    else {
      cursor.expectSign('(', `after ${list}`)
      const argument = cursor.expression(`the argument of ${list}`)
      cursor.expectSign(')', `after the argument of ${list}`)
      items.push({
        kind: list === 'FILELIST' ? 'files' : list === 'DIRLIST' ? 'directories' : 'field-values',
        argument,
      })
    }
  } while (cursor.takeSign(','))
  return { kind: 'for-each', variable, items }
}

function sub(cursor: Cursor): ControlClause {
  const name = cursor.name('a name after SUB')
  const parameters: string[] = []
  if (cursor.takeSign('(') && !cursor.takeSign(')')) {
    do parameters.push(cursor.name('a parameter').text)
    while (cursor.takeSign(','))
    cursor.expectSign(')', 'after the parameters')
  }
  return { kind: 'sub', name, parameters }
}
