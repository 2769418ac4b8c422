import { type DelimitedOptions, type FormatClause, LoadError } from '@lichen/engine'

type Setting = string | true
type Encoding = NonNullable<DelimitedOptions['encoding']>

/** Names and Windows numbers of the encodings. */
const encodings: Readonly<Record<string, Encoding>> = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  '65001': 'utf8',
  unicode: 'utf-16le',
  '1200': 'utf-16le',
  '1201': 'utf-16be',
  ansi: 'windows-1252',
  '1252': 'windows-1252',
  '28591': 'latin1',
}

/** What each item of a format clause sets. Items without effect on delimited text set nothing. */
const items: Readonly<Record<string, (setting: Setting, name: string) => DelimitedOptions>> = {
  'embedded labels': () => ({ labels: 'embedded' }),
  'explicit labels': () => ({ labels: 'embedded' }),
  'no labels': () => ({ labels: 'none' }),
  msq: () => ({ quoting: 'msq' }),
  'no quotes': () => ({ quoting: 'none' }),
  'no eof': () => ({}),
  utf8: () => ({ encoding: 'utf8' }),
  unicode: () => ({ encoding: 'utf-16le' }),
  ansi: () => ({ encoding: 'windows-1252' }),
  codepage: (setting, name) => ({ encoding: encodingOf(setting, name) }),
  delimiter: (setting) => (setting === true ? {} : { delimiter: delimiterOf(setting) }),
  header: (setting, name) => ({ headerLines: headerLines(setting, name) }),
  comment: (setting) => (setting === true ? {} : { comment: setting }),
}

/**
 * The items of a format clause as options of the scanner.
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Load.htm (format-spec items)
 * @throws LoadError `source-unsupported` for an item that would change what is read and is not built
 */
export function clauseOptions(name: string, clause: FormatClause): DelimitedOptions {
  let options: DelimitedOptions = /\.(?:tab|tsv)(?:\.gz)?$/i.test(name) ? { delimiter: '\t' } : {}
  for (const [item, setting] of clause.options) {
    const read = Object.hasOwn(items, item) ? items[item] : undefined
    if (read === undefined)
      throw new LoadError(
        'source-unsupported',
        `${name}: the format item "${item}" is not read for delimited text; leave it out or prepare the file`,
      )
    options = { ...options, ...read(setting, name) }
  }
  return options
}

function delimiterOf(setting: string): string {
  const text = setting === '\\t' ? '\t' : setting
  return text.toLowerCase() === 'spaces' ? 'spaces' : text
}

function encodingOf(setting: Setting, name: string): Encoding {
  const word = String(setting).toLowerCase()
  const encoding = Object.hasOwn(encodings, word) ? encodings[word] : undefined
  if (encoding !== undefined) return encoding
  throw new LoadError(
    'source-unsupported',
    `${name}: the codepage ${word} is not read; known are ${Object.keys(encodings).join(', ')}; save the file as UTF-8`,
  )
}

function headerLines(setting: Setting, name: string): number {
  const count = /^(\d{1,9})(?:\s+lines?)?$/i.exec(String(setting))?.[1]
  if (count !== undefined) return Number(count)
  if (setting !== true && setting.toLowerCase() === 'line') return 1
  throw new LoadError(
    'source-unsupported',
    `${name}: "header is ${setting}" is not read; write header is n lines`,
  )
}
