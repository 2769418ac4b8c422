/** A CSV file as the piece of script that loads it, and the fields it brings. */
export interface DroppedTable {
  readonly name: string
  readonly fields: readonly string[]
  readonly script: string
}

const maxBytes = 4 * 1024 * 1024

/** The quotes an INLINE table may stand in; the first whose closing sign does not occur in the data is taken. */
const enclosures = [
  ['[', ']'],
  ['`', '`'],
  ['"', '"'],
] as const

/**
 * Turns a CSV file into `Name: LOAD * INLINE […]`, so that it takes the same path into the engine wherever that runs.
 * Throws an Error that says what to do for files that are too large, empty, or hold text a script cannot carry.
 */
export async function readDroppedCsv(file: File): Promise<DroppedTable> {
  if (file.size > maxBytes) {
    throw new Error(
      `${file.name} is larger than 4 MB. Put it into the data folder and load it from lib://data/.`,
    )
  }
  const text = (await file.text())
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trimEnd()
  const header = text.slice(0, text.includes('\n') ? text.indexOf('\n') : text.length)
  if (header.trim() === '') throw new Error(`${file.name} is empty.`)
  const marks = enclosures.find(([, close]) => !text.includes(close))
  if (!marks || text.includes('$(')) {
    throw new Error(
      `${file.name} holds quotes or "$(" that a script cannot carry. Load it from lib://data/.`,
    )
  }
  const delimiter = likelyDelimiter(header)
  const name =
    file.name
      .replace(/\.[^.]*$/, '')
      .replaceAll(/[[\]":]/g, ' ')
      .trim() || 'Dropped'
  const spec = delimiter === '\t' ? '\\t' : delimiter
  return {
    name,
    fields: header.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, '$1')),
    script: `[${name}]:\nLOAD * INLINE ${marks[0]}\n${text}\n${marks[1]} (delimiter is '${spec}');\n`,
  }
}

function likelyDelimiter(header: string): string {
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: header.split(sign).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).sign
}
