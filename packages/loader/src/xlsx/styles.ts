import type { FormatSettings, NumberFormat } from '@lichen/engine'
import { nameCode, type XmlReader, xmlToken } from '../xml-text/xml-reader.ts'
import { builtInMeaning, formatOf, meaningOf, type NumberMeaning } from './number-styles.ts'

const maxStyles = 1 << 16
const styleSheet: number = nameCode('styleSheet')
const numFmts: number = nameCode('numFmts')
const numFmt: number = nameCode('numFmt')
const cellXfs: number = nameCode('cellXfs')
const xf: number = nameCode('xf')

/** Places in `Styles.formats` that always mean the same. */
export const formatIndex = { plain: 0, date: 1, time: 2, timestamp: 3, interval: 4 } as const

/** How the numbers of cells are shown. */
export interface Styles {
  /** Each of them once. `formatIndex` names the first ones. */
  readonly formats: readonly (NumberFormat | null)[]
  /** Index into `formats` by the style a cell names. */
  readonly byStyle: readonly number[]
}

/** Reads the styles part of a workbook; `end` gives what was read. */
export class StylesReader {
  readonly #settings: FormatSettings
  readonly #codes = new Map<number, string>()
  readonly #ids: number[] = []
  #list = 0

  constructor(settings: FormatSettings) {
    this.#settings = settings
  }

  readonly scan = (xml: XmlReader): void => {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      if (token !== xmlToken.open) continue
      if (xml.depth === 1 && xml.name === styleSheet) continue
      if (xml.depth === 2 && (xml.name === numFmts || xml.name === cellXfs)) this.#list = xml.name
      else if (xml.depth === 3 && xml.name === (this.#list === numFmts ? numFmt : xf)) {
        this.#add(xml.attributes())
        xml.skip()
      } else xml.skip()
    }
  }

  #add(attributes: ReadonlyMap<string, string>): void {
    const id = Number(attributes.get('numFmtId') ?? 0)
    if (this.#list === cellXfs && this.#ids.length < maxStyles) this.#ids.push(id)
    else if (this.#list === numFmts && this.#codes.size < maxStyles)
      this.#codes.set(id, (attributes.get('formatCode') ?? '').slice(0, 255))
  }

  end(): Styles {
    const formats: (NumberFormat | null)[] = []
    const known = new Map<string, number>()
    const indexOf = (meaning: NumberMeaning, code?: string): number => {
      const format = formatOf(meaning, code, this.#settings)
      const key = `${format?.kind ?? ''} ${format?.pattern ?? ''}`
      const index = known.get(key) ?? formats.push(format) - 1
      known.set(key, index)
      return index
    }
    for (const meaning of ['number', 'date', 'time', 'timestamp', 'interval'] as const)
      indexOf(meaning)
    const ofId = new Map<number, number>()
    const byStyle = this.#ids.map((id) => {
      const code = this.#codes.get(id)
      const index =
        ofId.get(id) ?? indexOf(code === undefined ? builtInMeaning(id) : meaningOf(code), code)
      ofId.set(id, index)
      return index
    })
    return { formats, byStyle }
  }
}
