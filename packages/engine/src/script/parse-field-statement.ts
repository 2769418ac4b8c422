import type { Span } from '../base/errors.ts'
import type { Cursor } from './cursor.ts'
import type {
  DefinedField,
  FieldStatement,
  HostStatement,
  ParameterValue,
} from './field-statement.ts'
import { unquote } from './quotes.ts'
import type { Name } from './statement.ts'

/** The statement of a word, which is taken already; undefined for other words. @throws SyntaxFault */
export function fieldStatement(
  word: string,
  cursor: Cursor,
  span: Span,
): FieldStatement | HostStatement | undefined {
  switch (word) {
    case 'AUTONUMBER':
      return {
        kind: 'autonumber',
        fields: cursor.patterns('a field name or *'),
        namespace: cursor.take('USING') ? cursor.name('a namespace') : undefined,
        span,
      }
    case 'STAR': {
      cursor.expect('IS', 'after STAR')
      const symbol = unquote(cursor.rest().text)
      return { kind: 'star', symbol: symbol === '' ? undefined : symbol, span }
    }
    case 'SEARCH': {
      const included = cursor.take('INCLUDE')
      if (!included) cursor.expect('EXCLUDE', 'or INCLUDE after SEARCH')
      return { kind: 'search', included, fields: cursor.patterns('a field name or *'), span }
    }
    case 'DERIVE':
      return derive(cursor, span)
    case 'DIRECTORY':
      return { kind: 'directory', path: unquote(cursor.rest().text), span }
    case 'EXECUTE': {
      const command = cursor.rest()
      if (command.text === '') cursor.fail('Expected a command after EXECUTE')
      return { kind: 'execute', command, span }
    }
    case 'SLEEP':
      return { kind: 'sleep', milliseconds: cursor.expression('a number after SLEEP'), span }
    default:
      return undefined
  }
}

const parts: ReadonlySet<string> = new Set(['TAGGED', 'PARAMETERS', 'FIELDS', 'GROUPS'])
const fieldStops: ReadonlySet<string> = new Set(['AS', ...parts])

/**
 * `name: DECLARE [FIELD[S]] DEFINITION [TAGGED tags] [PARAMETERS p = v, …] FIELDS e AS f [TAGGED tags], …`, or `… DEFINITION USING name
 * [WITH p = v, …]`, from its first word on.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Declare.htm
 * @throws SyntaxFault
 */
export function parseDeclare(cursor: Cursor, label: Name | undefined, span: Span): FieldStatement {
  if (label === undefined)
    cursor.fail('A field definition has its name before DECLARE: Name: DECLARE …')
  cursor.take('DECLARE')
  if (!cursor.take('FIELDS')) cursor.take('FIELD')
  cursor.expect('DEFINITION', 'after DECLARE FIELD')
  if (cursor.take('USING')) {
    const using = cursor.name('a field definition')
    const parameters = cursor.take('WITH') ? parameterList(cursor) : []
    cursor.expectEnd('DECLARE')
    return { kind: 'declare', name: label, tags: [], parameters, fields: [], using, span }
  }
  const tags = tagsIfAny(cursor)
  const parameters = cursor.take('PARAMETERS') ? parameterList(cursor) : []
  cursor.expect('FIELDS', 'in a field definition')
  const fields = [definedField(cursor)]
  while (cursor.takeSign(',')) fields.push(definedField(cursor))
  if (cursor.peekWord() === 'GROUPS')
    cursor.fail('Groups of derived fields are not built; make a drill-down dimension of the fields')
  cursor.expectEnd('DECLARE')
  return { kind: 'declare', name: label, tags, parameters, fields, using: undefined, span }
}

function parameterList(cursor: Cursor): ParameterValue[] {
  const list: ParameterValue[] = []
  do {
    const name = cursor.name('a parameter')
    cursor.expectSign('=', `after the parameter "${name.text}"`)
    list.push({ name, value: cursor.expression('the value of a parameter', parts) })
  } while (cursor.takeSign(','))
  return list
}

function definedField(cursor: Cursor): DefinedField {
  const expression = cursor.expression('a field of the definition', fieldStops)
  cursor.expect('AS', 'and a name after the expression')
  return { expression, name: cursor.name('a field name after AS'), tags: tagsIfAny(cursor) }
}

function tagsIfAny(cursor: Cursor): string[] {
  return cursor.take('TAGGED') ? tagList(cursor) : []
}

/** Tags in brackets, or a single one without. */
function tagList(cursor: Cursor): string[] {
  if (!cursor.takeSign('(')) return [cursor.name('a tag').text]
  const tags = cursor.names('a tag').map(({ text }) => text)
  cursor.expectSign(')', 'after the tags')
  return tags
}

/** Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Derive.htm */
function derive(cursor: Cursor, span: Span): FieldStatement {
  if (!cursor.take('FIELDS')) cursor.take('FIELD')
  cursor.expect('FROM', 'after DERIVE FIELDS')
  const from = cursor.take('EXPLICIT') ? 'tags' : cursor.take('IMPLICIT') ? 'definition' : 'fields'
  if (from !== 'fields' && !cursor.take('TAGS'))
    cursor.expect('TAG', 'after FROM EXPLICIT or IMPLICIT')
  if (from === 'fields' && !cursor.take('FIELDS')) cursor.take('FIELD')
  const fields = from === 'fields' ? cursor.names('a field name') : []
  const tags = from === 'tags' ? tagList(cursor) : []
  cursor.expect('USING', 'and a field definition')
  return { kind: 'derive', from, fields, tags, using: cursor.name('a field definition'), span }
}
