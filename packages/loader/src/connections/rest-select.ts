import { LoadError } from '@lichen/engine'

/** A table of a SELECT for JSON: one row for each object found under its name, fields of their own, tables below. */
export interface RestTable {
  /** The name of the property the objects are under. */
  readonly name: string
  /** Field that numbers the rows of the table, for those below. */
  readonly key: string | undefined
  /** Field that has the number of the row above. */
  readonly parentKey: string | undefined
  /** Field for the elements of arrays that are no objects. */
  readonly value: string | undefined
  readonly fields: readonly { readonly name: string; readonly alias: string }[]
  readonly tables: readonly RestTable[]
}

/** What a statement changes about the request. */
export interface RestRequest {
  readonly address?: string
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string
}

export type RestSelect = { readonly request: RestRequest } & (
  | {
      readonly kind: 'nested'
      /** The document itself is the root; else what is under the name of the root. */
      readonly wrap: boolean
      readonly root: RestTable
    }
  | {
      readonly kind: 'flat'
      /** Undefined = all, in order of appearance. */
      readonly fields: RestTable['fields'] | undefined
      /** Names from the outside in; undefined = as the connection says. */
      readonly path: string | undefined
    }
)

const maxDepth = 100

/**
 * Reads the SELECT of a REST connection:
 *
 *     SELECT field [AS name], …, (SELECT … FROM "property" PK "__KEY_property" FK "__FK_property") FROM JSON (wrap on) "root" PK "__KEY_root"
 *       [WITH CONNECTION (URL "…", QUERY "name" "value", HTTPHEADER "name" "value", BODY "…")]
 *
 * or `SELECT * FROM "a.b"` for the array at that path, `FROM root` for that of the connection.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/REST_Connector_help/Content/Connectors_REST/Load-REST-data/Load-data.htm
 * @throws LoadError `script-failed` that says what is expected
 */
export function parseRestSelect(text: string): RestSelect {
  const reader = new Tokens(text)
  reader.expect('SELECT')
  const everything = reader.take('*')
  const list = everything ? { fields: [], tables: [] } : fieldList(reader, 0)
  reader.expect('FROM')
  if (reader.takeAll('JSON', '(')) {
    reader.expect('WRAP')
    const wrap = reader.take('ON')
    if (!wrap) reader.expect('OFF')
    reader.expect(')')
    if (everything) reader.fail('field names; write SELECT * FROM "path" for all')
    const root = { ...list, ...place(reader) }
    return { kind: 'nested', wrap, root, request: request(reader) }
  }
  if (reader.peek === 'XML' || reader.peek === 'CSV')
    reader.fail('JSON; XML and CSV are read by LOAD from a file or an address')
  if (list.tables.length > 0) reader.fail('JSON (wrap on) after tables in brackets')
  const name = reader.name()
  return {
    kind: 'flat',
    fields: everything ? undefined : list.fields,
    path: name.toLowerCase() === 'root' ? undefined : name,
    request: request(reader),
  }
}

function fieldList(reader: Tokens, depth: number): Pick<RestTable, 'fields' | 'tables'> {
  const fields: { name: string; alias: string }[] = []
  const tables: RestTable[] = []
  do {
    if (reader.take('(')) {
      if (depth >= maxDepth) reader.fail(`at most ${maxDepth} tables in one another`)
      reader.expect('SELECT')
      const list = fieldList(reader, depth + 1)
      reader.expect('FROM')
      tables.push({ ...list, ...place(reader) })
      reader.expect(')')
    } else {
      const name = reader.name()
      fields.push({ name, alias: reader.take('AS') ? reader.name() : name })
    }
  } while (reader.take(','))
  return { fields, tables }
}

function place(reader: Tokens): Omit<RestTable, 'fields' | 'tables'> {
  const name = reader.name()
  let key: string | undefined
  let parentKey: string | undefined
  let value: string | undefined
  for (;;) {
    if (reader.take('PK')) key = reader.name()
    else if (reader.take('FK')) parentKey = reader.name()
    else if (reader.take('ARRAYVALUEALIAS')) value = reader.name()
    else if (reader.take('CONTENTFIELDALIAS')) reader.name()
    else return { name, key, parentKey, value }
  }
}

function request(reader: Tokens): RestRequest {
  const query: [string, string][] = []
  const headers: [string, string][] = []
  let address: string | undefined
  let body: string | undefined
  if (reader.takeAll('WITH', 'CONNECTION')) {
    reader.expect('(')
    do {
      if (reader.take('URL')) address = reader.name()
      else if (reader.take('QUERY')) query.push([reader.name(), reader.name()])
      else if (reader.take('HTTPHEADER')) headers.push([reader.name(), reader.name()])
      else if (reader.take('BODY')) body = reader.name()
      else reader.fail('URL, QUERY, HTTPHEADER or BODY')
    } while (reader.take(','))
    reader.expect(')')
  }
  reader.end()
  return {
    query,
    headers,
    ...(address === undefined ? {} : { address }),
    ...(body === undefined ? {} : { body }),
  }
}

const token = /"(?:[^"]|"")*"|'(?:[^']|'')*'|`[^`]*`|\[(?:[^\]]|\]\])*\]|[(),*]|[^\s"'`[\](),*]+/g

/** The words, names and signs of a statement. */
class Tokens {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#tokens = text.match(token) ?? []
  }

  /** The next token in upper case. */
  get peek(): string {
    return (this.#tokens[this.#at] ?? '').toUpperCase()
  }

  take(word: string): boolean {
    if (this.peek !== word) return false
    this.#at += 1
    return true
  }

  takeAll(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.#tokens[this.#at + i]?.toUpperCase() === word)) return false
    this.#at += words.length
    return true
  }

  expect(word: string): void {
    if (!this.take(word)) this.fail(word)
  }

  /** A name or text, in quotes or bare. */
  name(): string {
    const next = this.#tokens[this.#at] ?? ''
    if (next === '' || /^[(),*]$/.test(next)) this.fail('a name')
    this.#at += 1
    const close = next[0] === '[' ? ']' : next[0]
    if (close === undefined || !/^["'`[]/.test(next)) return next
    return next.slice(1, -1).replaceAll(close + close, close)
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.fail('the end of the statement')
  }

  /** What was found is not repeated after WITH: it may be a key. */
  fail(expected: string): never {
    const before = this.#tokens.slice(0, this.#at).map((each) => each.toUpperCase())
    const found = this.#tokens[this.#at]
    const shown =
      found === undefined ? 'the end' : before.includes('CONNECTION') ? 'something else' : found
    throw new LoadError(
      'script-failed',
      `The SELECT of a REST connection has ${shown.slice(0, 40)} where it should have ${expected}`,
    )
  }
}
