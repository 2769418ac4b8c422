import { LichenError } from '../base/errors.ts'
import type { FileFacts, QvdFacts } from '../functions/ports.ts'
import { millisecondsPerDay, unixEpochSerial } from '../value/date-serial.ts'
import type { SourceFile, TableReader } from './reader.ts'

/** Files that one evaluation may ask for, so that a path made by chance ends. */
const maxAsked = 1000

/** An evaluation needs facts of a file that have to be asked for; it is made again when they are there. */
export class UnknownFile extends Error {
  readonly path: string
  readonly about: 'file' | 'qvd'
  constructor(path: string, about: 'file' | 'qvd') {
    super(
      `The path "${path}" is known only when the record is read; give FileSize(), FileTime() and the functions of QVDs a path without fields, e.g. the variable of a FOR EACH`,
    )
    this.path = path
    this.about = about
  }
}

/** What a running script knows about files. Functions ask at once, readers answer later: facts are asked for between evaluations. */
export class ScriptFiles {
  /** The file the running LOAD reads. */
  current: FileFacts | undefined
  readonly #reader: TableReader | undefined
  readonly #files = new Map<string, FileFacts | undefined>()
  readonly #qvds = new Map<string, QvdFacts | undefined>()

  constructor(reader: TableReader | undefined) {
    this.#reader = reader
  }

  /** Undefined when there is none. @throws UnknownFile */
  file(path: string | undefined): FileFacts | undefined {
    if (path === undefined || path === this.current?.path) return this.current
    if (this.#reader?.file !== undefined && !this.#files.has(path))
      throw new UnknownFile(path, 'file')
    return this.#files.get(path)
  }

  /** Undefined when there is none. @throws UnknownFile */
  qvd(path: string): QvdFacts | undefined {
    if (this.#reader?.qvd !== undefined && !this.#qvds.has(path)) throw new UnknownFile(path, 'qvd')
    return this.#qvds.get(path)
  }

  /** Files may change between statements. */
  forget(): void {
    this.#files.clear()
    this.#qvds.clear()
  }

  /**
   * What `evaluate` gives once it knows all files it asks for; at once when it asks for none. It may be called several times.
   * @throws LoadError, AccessError, LichenError `budget-exceeded`
   */
  knowing<Result>(evaluate: () => Result): Result | Promise<Result> {
    try {
      return evaluate()
    } catch (cause) {
      return this.#askUntilKnown(cause, evaluate)
    }
  }

  async #askUntilKnown<Result>(first: unknown, evaluate: () => Result): Promise<Result> {
    let cause = first
    for (let asked = 0; asked < maxAsked; asked++) {
      if (!(cause instanceof UnknownFile)) throw cause
      await this.#ask(cause)
      try {
        return evaluate()
      } catch (next) {
        cause = next
      }
    }
    throw new LichenError(
      'budget-exceeded',
      `One expression asks for more than ${maxAsked} files; let its paths not change each time`,
    )
  }

  async #ask({ path, about }: UnknownFile): Promise<void> {
    if (about === 'file') {
      const found = await unlessMissing(this.#reader?.file?.(path))
      this.#files.set(path, found === undefined ? undefined : factsOf(path, found))
      return
    }
    const found = await unlessMissing(this.#reader?.qvd?.(path))
    this.#qvds.set(
      path,
      found === undefined ? undefined : { ...found, created: serialOf(found.created) },
    )
  }
}

/** What functions are told of a file of a reader. */
export function factsOf(path: string, { bytes, modified }: SourceFile): FileFacts {
  return { path, sizeBytes: bytes, modified: serialOf(modified) }
}

/** UTC serial days of milliseconds since 1970. */
function serialOf(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined
    ? undefined
    : milliseconds / millisecondsPerDay + unixEpochSerial
}

async function unlessMissing<Found>(asked: Promise<Found> | undefined): Promise<Found | undefined> {
  try {
    return await asked
  } catch (cause) {
    if (cause instanceof LichenError && cause.code === 'source-not-found') return undefined
    throw cause
  }
}
