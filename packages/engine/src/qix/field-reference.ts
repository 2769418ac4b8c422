import type { ModelField } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'

/** The field a definition such as `Region`, `[Region]` or `=[Region]` names; of an expression the derived field, where there is one. */
export function fieldOf(view: ModelView, definition: string): ModelField | undefined {
  for (const name of [definition, plainName(definition), `=${plainName(definition)}`]) {
    const field = view.fields[view.fieldIndex(name) ?? -1]
    if (field !== undefined) return field
  }
  return undefined
}

/** A definition without its `=` and the quotes around a name, as titles show it. */
export function plainName(definition: string): string {
  const text = definition.trim().replace(/^=\s*/, '')
  const bracketed = /^\[((?:[^\]]|\]\])*)\]$/.exec(text)?.[1]
  if (bracketed !== undefined) return bracketed.replaceAll(']]', ']')
  const quoted = /^"((?:[^"]|"")*)"$/.exec(text)?.[1]
  return quoted === undefined ? text : quoted.replaceAll('""', '"')
}
