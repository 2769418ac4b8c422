import type { CancellationToken } from '../base/cancellation.ts'
import type { SourceBatch } from '../storage/source.ts'
import type { FormatSettings } from '../value/format-settings.ts'

/** The format clause of a LOAD: `(txt, utf8, delimiter is ';', embedded labels)`. Keys are lower case; flags have the value true. */
export interface FormatClause {
  /** `txt`, `qvd`, `parquet`, `json`, `ooxml` …; undefined = by the file's extension. */
  readonly format?: string
  readonly options: ReadonlyMap<string, string | true>
  /** Fields the LOAD names, for formats where a name says what to read, such as `@1:10` of fixed width. */
  readonly asked?: readonly string[]
}

/** What a reader can tell of a file without reading it. */
export interface SourceFile {
  readonly bytes?: number | undefined
  /** Milliseconds since 1970, UTC. */
  readonly modified?: number | undefined
}

/** What the header of a QVD says. */
export interface SourceQvd {
  readonly tableName: string
  readonly fieldNames: readonly string[]
  readonly records: number
  /** Milliseconds since 1970, UTC. */
  readonly created?: number | undefined
}

/** One table in a file, opened but not read. Closing happens when `batches` is exhausted or returned early. */
export interface OpenSource {
  /** Field names as the source tells them, in its order. */
  readonly fields: readonly string[]
  /** Records in all, when the source knows; for progress. */
  readonly rows?: number
  /** The file the table is in, as it lies there: packed files count packed. */
  readonly file?: SourceFile
  /** Batches with exactly the fields asked for (indices into `fields`), in that order, records in source order. @throws LoadError */
  batches(fields: readonly number[], cancellation: CancellationToken): AsyncIterable<SourceBatch>
}

/**
 * How a script reads data. `path` is as written in FROM after dollar expansion, e.g. `lib://data/x.csv`, `[x.csv]` without brackets.
 * A wildcard path may name several files: `resolve` lists them.
 * @throws LoadError `source-not-found`, `source-unsupported`, `source-malformed`; AccessError outside the allowed roots
 */
export interface TableReader {
  resolve(path: string): Promise<readonly string[]>
  /** The folders that a wildcard path names, as paths; for `DIRLIST`. */
  folders?(path: string): Promise<readonly string[]>
  open(
    path: string,
    clause: FormatClause,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource>
  /** For FileSize(path) and FileTime(path), which are NULL without it. Undefined when there is no such file. */
  file?(path: string): Promise<SourceFile | undefined>
  /** For QvdNoOfRecords(path) and its like, which are NULL without it. Undefined when there is no such QVD. */
  qvd?(path: string): Promise<SourceQvd | undefined>
  /**
   * The records of a text file that begin at byte `from`, with the field names the file begins with: for BUFFER (INCREMENTAL), which
   * reads all again without it. Undefined when no record begins there, or the file cannot be read from its middle.
   */
  openTail?(
    path: string,
    clause: FormatClause,
    settings: FormatSettings,
    cancellation: CancellationToken,
    from: number,
  ): Promise<OpenSource | undefined>
  /** Bytes in memory, read as a file of the format the clause names, for FROM_FIELD; `name` is for messages. @throws LoadError */
  openBytes?(
    name: string,
    bytes: Uint8Array,
    clause: FormatClause,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource>
  /** The whole of a file, for BINARY; owned by the caller. */
  readBytes?(path: string): Promise<Uint8Array>
  /** Text of a script file for $(Include=…) / $(Must_Include=…). */
  readText?(path: string): Promise<string>
}
