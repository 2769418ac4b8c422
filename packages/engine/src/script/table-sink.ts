import { ColumnEncoder, codeOfValue } from '../storage/column-encoder.ts'
import type { TableBuilder } from '../storage/table-builder.ts'
import type { Value } from '../value/dual.ts'
import { interpretCell } from '../value/interpret.ts'
import { PerCode } from './per-code.ts'
import type { RunState } from './run-state.ts'
import type { Dictionaries, StageBatch, StageColumn, StageSource } from './stage.ts'
import { newDictionaries } from './values.ts'

interface SinkColumn {
  readonly target: number
  readonly encoder: ColumnEncoder
  readonly dictionaries: Dictionaries
  readonly map: PerCode | undefined
  /** Code that takes the place of NULL, 0 to keep NULL. */
  readonly nullCode: number
  /** Codes of the batch in hand; the table copies them. */
  out: Uint32Array
}

/** Stores the batches of a LOAD in a table: fields by name, codes passed on where the symbols are the table's own. */
export class TableSink {
  readonly table: TableBuilder
  readonly #state: RunState
  readonly #columns: readonly SinkColumn[]

  constructor(
    table: TableBuilder,
    fields: readonly string[],
    state: RunState,
    formats: StageSource['formats'] = [],
    /** Whether MAP … USING and NULLASVALUE apply. */
    rules = true,
  ) {
    this.table = table
    this.#state = state
    this.#columns = fields.map((field, index) => {
      const target = table.columnOf(field) < 0 ? table.addField(field) : table.columnOf(field)
      const symbols = table.symbolsOf(target)
      const format = formats[index]
      if (format !== undefined && symbols.count === 0) symbols.setFormat(format)
      return {
        target,
        encoder: new ColumnEncoder(symbols),
        dictionaries: newDictionaries(state.space.settings),
        map: rules ? mapOf(field, state) : undefined,
        nullCode: rules ? this.#nullCode(field, target) : 0,
        out: new Uint32Array(0),
      }
    })
  }

  /** Stores a batch and gives it back. */
  append(batch: StageBatch): void {
    if (batch.rows > 0) {
      this.#state.checkRows(this.table.rows + batch.rows, this.table.name)
      if (batch.during === undefined) this.#store(batch)
      else batch.during(() => this.#store(batch))
    }
    batch.release?.()
  }

  #store({ rows, columns }: StageBatch): void {
    const codes: (Uint32Array | null)[] = this.table.fields.map(() => null)
    for (const [index, column] of columns.entries()) {
      const sink = this.#columns[index]
      if (sink !== undefined) codes[sink.target] = this.#encode(sink, column, rows)
    }
    this.table.appendCodes(codes, rows)
  }

  #encode(sink: SinkColumn, given: StageColumn, rows: number): Uint32Array {
    const column =
      sink.map === undefined
        ? given
        : sink.map.column(sink.dictionaries.encode(given), rows, undefined)
    if (sink.out.length < rows) sink.out = new Uint32Array(rows)
    const { out } = sink
    if (column.kind === 'symbols' && column.symbols === sink.encoder.symbols)
      out.set(column.codes.length === rows ? column.codes : column.codes.subarray(0, rows))
    else {
      const source = column.kind === 'symbols' ? sink.dictionaries.encode(column) : column
      const { settings } = this.#state.space
      const atHand = sink.encoder.codesAtHand(source, rows, settings)
      if (atHand !== undefined && sink.nullCode === 0) return atHand
      sink.encoder.encode(
        source,
        rows,
        undefined,
        settings,
        { table: this.table.name, rows: this.table.rows },
        out,
      )
    }
    if (sink.nullCode !== 0)
      for (let row = 0; row < rows; row++) if (out[row] === 0) out[row] = sink.nullCode
    return out
  }

  #nullCode(field: string, target: number): number {
    if (!this.#state.nullAsValue.holds(field)) return 0
    const text = this.#state.systemVariable('NullValue') ?? ''
    return codeOfValue(
      this.table.symbolsOf(target),
      interpretCell(text, this.#state.space.settings),
      this.table.name,
      this.table.rows,
    )
  }
}

/** MAP … USING applies when a value is stored. */
function mapOf(field: string, state: RunState): PerCode | undefined {
  const rule = state.mapRules.find((each) => each.field(field))
  const map = rule?.map === undefined ? undefined : state.maps.get(rule.map)
  if (map === undefined) return undefined
  return new PerCode((value: Value) => {
    const { found, value: mapped } = map.find(value)
    return found ? mapped : value
  })
}
