import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import { scriptLanguage } from './language.ts'
import { bracketed, type NamePlaces, namesOf, written } from './names.ts'
import { type Place, placeAt } from './place.ts'
import {
  controlWords,
  loadClauses,
  operatorWords,
  prefixWords,
  sqlWords,
  statementClauses,
  statementWords,
} from './words.ts'

/** A function of expressions as it is shown: `Left(text, n)`, first n characters. */
export interface ScriptFunction {
  readonly name: string
  readonly signature: string
  readonly meaning: string
}

/** A list, or what gives it when it is wanted. */
export type Listed<Item> = readonly Item[] | (() => readonly Item[] | Promise<readonly Item[]>)

/** What the caller knows besides the script: of the data loaded, and of the engine. */
export interface ScriptCompletionOptions {
  readonly functions?: Listed<ScriptFunction>
  readonly tables?: Listed<string>
  readonly fields?: Listed<string>
  readonly variables?: Listed<string>
  /** Beginnings of paths: `lib://data/`. */
  readonly connections?: Listed<string>
}

/** Offers statements, functions and names where they may stand; those of the script itself are found in it. */
export function scriptCompletion(options: ScriptCompletionOptions = {}): Extension {
  return [scriptLanguage.data.of({ autocomplete: completionSource(options) }), autocompletion()]
}

const wordSigns = /^[\p{L}\p{N}_.@%#$[\]" ]*$/u
const pathSigns = /^\[?[^\]'"]*$/

/** CodeMirror's source of completions for load scripts. */
export function completionSource(
  options: ScriptCompletionOptions,
): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async (context) => {
    const { state, pos, explicit } = context
    const place = placeAt(state, pos)
    const isEmpty = place.from === pos
    if (place.kind === 'none') return null
    if (isEmpty && !explicit && state.sliceDoc(pos - 2, pos) !== '$(') return null
    const isBracketed = state.sliceDoc(place.from, place.from + 1) === '['
    const offered = await offer(place, options, { state, isBracketed })
    const unique = [...new Map(offered.map((one) => [`${one.type} ${one.label}`, one])).values()]
    if (unique.length === 0) return null
    return {
      from: place.from,
      // A closing bracket that was typed by itself goes with the opening one.
      ...(isBracketed && state.sliceDoc(pos, pos + 1) === ']' ? { to: pos + 1 } : {}),
      options: unique,
      ...(isBracketed ? {} : { validFor: place.kind === 'path' ? pathSigns : wordSigns }),
    }
  }
}

interface Surroundings {
  readonly state: CompletionContext['state']
  readonly isBracketed: boolean
}

async function offer(
  place: Place,
  options: ScriptCompletionOptions,
  { state, isBracketed }: Surroundings,
): Promise<Completion[]> {
  const names = namesOf(state.doc)
  const named = async (
    own: NamePlaces,
    others: Listed<string> | undefined,
    type: string,
  ): Promise<Completion[]> =>
    [...namesBut(own, place.from), ...(await listed(others))].map((name) => ({
      label: isBracketed ? bracketed(name) : written(name),
      type,
    }))
  const fields = (): Promise<Completion[]> => named(names.fields, options.fields, 'property')
  const variables = (): Promise<Completion[]> =>
    named(names.variables, options.variables, 'variable')
  const functions = async (): Promise<Completion[]> =>
    (await listed(options.functions)).map(functionCompletion)
  switch (place.kind) {
    case 'statement':
      return [...statementOptions, ...prefixOptions]
    case 'load':
      return loadOptions
    case 'expression':
      return [...(await fields()), ...clauseOptions, ...(await functions())]
    case 'control':
      return [...(await variables()), ...operatorOptions, ...(await functions())]
    case 'clause':
      return [
        ...statementClauseOptions,
        ...(await fields()),
        ...(await named(names.tables, options.tables, 'class')),
      ]
    case 'table':
      return named(names.tables, options.tables, 'class')
    case 'field':
      return fields()
    case 'variable':
      return variables()
    case 'sub':
      return named(names.subs, undefined, 'function')
    case 'path':
      return (await listed(options.connections)).map((path) =>
        snippetCompletion(`[${path}#{}]`, {
          label: isBracketed ? `[${path}` : path,
          type: 'text',
        }),
      )
    case 'format':
      return formatOptions
    case 'sql':
      return sqlOptions
    case 'none':
      return []
  }
}

async function listed<Item>(list: Listed<Item> | undefined): Promise<readonly Item[]> {
  return typeof list === 'function' ? list() : (list ?? [])
}

/** The names of the script but the one under way. */
function namesBut(places: NamePlaces, from: number): string[] {
  return [...places]
    .filter(([, place]) => place.count > 1 || place.from !== from)
    .map(([name]) => name)
}

function functionCompletion({ name, signature, meaning }: ScriptFunction): Completion {
  const detail = signature.slice(name.length)
  return snippetCompletion(`${name}(#{})`, {
    label: name,
    type: 'function',
    detail,
    info: meaning,
  })
}

const keywords = (words: Iterable<string>): Completion[] =>
  [...words].sort().map((label) => ({ label, type: 'keyword' }))

const blockOptions: readonly Completion[] = [
  snippetCompletion('IF #{condition} THEN\n\t#{}\nEND IF', {
    label: 'IF … END IF',
    type: 'keyword',
  }),
  snippetCompletion('SUB #{name}(#{})\n\t#{}\nEND SUB', {
    label: 'SUB … END SUB',
    type: 'keyword',
  }),
  snippetCompletion('FOR #{i} = #{1} TO #{n}\n\t#{}\nNEXT #{i}', {
    label: 'FOR … NEXT',
    type: 'keyword',
  }),
  snippetCompletion('FOR EACH #{item} IN #{list}\n\t#{}\nNEXT #{item}', {
    label: 'FOR EACH … NEXT',
    type: 'keyword',
  }),
  snippetCompletion('DO WHILE #{condition}\n\t#{}\nLOOP', { label: 'DO … LOOP', type: 'keyword' }),
]
const prefixOptions: readonly Completion[] = keywords(prefixWords)
const statementOptions: readonly Completion[] = [
  ...keywords([...statementWords, ...controlWords]),
  ...blockOptions,
]
const loadOptions: Completion[] = keywords([...prefixWords, 'LOAD', 'SELECT', 'SQL'])
const operatorOptions: readonly Completion[] = keywords(operatorWords)
const clauseOptions: readonly Completion[] = keywords([
  ...[...loadClauses].filter((word) => word !== 'BY' && word !== 'GROUP' && word !== 'ORDER'),
  'GROUP BY',
  'ORDER BY',
  ...operatorWords,
])
const statementClauseOptions: readonly Completion[] = keywords(statementClauses)
const sqlOptions: Completion[] = keywords(sqlWords)
const formatOptions: Completion[] = [
  'txt',
  'fix',
  'qvd',
  'parquet',
  'json',
  'ooxml',
  'html',
  'xml',
  'utf8',
  'msq',
  'embedded labels',
  'explicit labels',
  'no labels',
  'delimiter is',
  'header is',
  'table is',
].map((label) => ({ label, type: 'constant' }))
