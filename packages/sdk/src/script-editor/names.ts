import type { Text } from '@codemirror/state'
import { startState } from './state.ts'
import { readToken, startLine } from './tokens.ts'

/** Names of one kind: how often each stands in a script, and where first. */
export type NamePlaces = ReadonlyMap<string, { readonly count: number; readonly from: number }>

/** What a script names. */
export interface ScriptNames {
  readonly tables: NamePlaces
  readonly fields: NamePlaces
  readonly variables: NamePlaces
  readonly subs: NamePlaces
}

const known = new WeakMap<Text, ScriptNames>()

/** The names in a document, found once. */
export function namesOf(doc: Text): ScriptNames {
  const found = known.get(doc) ?? readNames(doc)
  known.set(doc, found)
  return found
}

type Places = Map<string, { count: number; from: number }>

function readNames(doc: Text): ScriptNames {
  const names = {
    tables: new Map() as Places,
    fields: new Map() as Places,
    variables: new Map() as Places,
    subs: new Map() as Places,
  }
  const state = startState()
  let isHeader = false
  let start = 0
  for (const string of doc.iterLines()) {
    const line = { string, pos: 0 }
    startLine(state)
    while (line.pos < string.length) {
      const at = line.pos
      const style = readToken(line, state)
      const text = string.slice(at, line.pos)
      const kind = style === null ? undefined : kinds[style]
      if (style === 'bracket') isHeader = state.open !== ''
      else if (style === 'content' && isHeader && text.trim() !== '') {
        isHeader = false
        for (const field of text.split(',')) note(names.fields, field.trim(), start + at)
      } else if (kind !== undefined && (kind !== 'fields' || state.part === 'load'))
        note(names[kind], nameIn(text), start + at)
    }
    start += string.length + 1
  }
  return names
}

const kinds: Readonly<Record<string, keyof ScriptNames>> = {
  labelName: 'tables',
  propertyName: 'fields',
  'propertyName.definition': 'fields',
  'variableName.definition': 'variables',
  'variableName.function.definition': 'subs',
}

function note(places: Places, name: string, from: number): void {
  const place = places.get(name)
  if (place !== undefined) place.count += 1
  else if (name !== '') places.set(name, { count: 1, from })
}

/** The name in a token, without its quotes and the colon of a label; '' when the token is only a piece of a name. */
function nameIn(token: string): string {
  const text = token.replace(/[ \t]*:$/, '')
  const sign = text[0] ?? ''
  const close = sign === '[' ? ']' : sign
  if (!'"[`'.includes(sign)) return /["\]`]$/.test(text) ? '' : text
  if (text.length < 2 || !text.endsWith(close)) return ''
  return text.slice(1, -1).replaceAll(close + close, close)
}

const bareName = /^[\p{L}_@%#$][\p{L}\p{N}_.@%#$]*$/u

/** A name as it is written in a script: in brackets where it needs them. */
export function written(name: string): string {
  return bareName.test(name) ? name : bracketed(name)
}

export function bracketed(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`
}
