import type { JsonObject } from '../app/document.ts'
import { ScriptError } from '../base/errors.ts'
import { wireError } from './error-codes.ts'

/** Script errors kept for `GetProgress`. */
const longestList = 100

/** What `GetProgress` tells of the reload that runs or ran last on this connection. */
export class ReloadProgress {
  #started = false
  #finished = false
  #since = 0
  #milliseconds = 0
  #lines: string[] = []
  #transient = ''
  #errors: JsonObject[] = []

  begin(): void {
    this.#started = true
    this.#finished = false
    this.#since = Date.now()
    this.#lines = []
    this.#transient = ''
    this.#errors = []
  }

  line(text: string): void {
    this.#transient = text
    if (this.#lines.length < 1000) this.#lines.push(text)
  }

  end(error?: unknown): void {
    this.#finished = true
    this.#milliseconds = Date.now() - this.#since
    this.#transient = ''
    if (error !== undefined && this.#errors.length < longestList)
      this.#errors.push(errorData(error))
  }

  /** ProgressData. The lines are handed over once. */
  take(): JsonObject {
    const lines = this.#lines.splice(0)
    return {
      qStarted: this.#started,
      qFinished: this.#finished,
      qCompleted: 0,
      qTotal: 0,
      qKB: 0,
      qMillisecs: this.#started && !this.#finished ? Date.now() - this.#since : this.#milliseconds,
      qUserInteractionWanted: false,
      qPersistentProgress: lines.map((line) => `${line}\n`).join(''),
      qTransientProgress: this.#transient,
      qErrorData: this.#errors,
    }
  }
}

function errorData(error: unknown): JsonObject {
  const { message } = wireError(error)
  return error instanceof ScriptError
    ? {
        qErrorString: message,
        qLineEnd: '',
        qLine: error.summary,
        qErrorDataCode: 'EDC_ERROR',
        qMessage: {
          qMessageCode: 1,
          qMessageParameters: [error.source.name, String(error.line), String(error.column)],
        },
      }
    : {
        qErrorString: message,
        qLineEnd: '',
        qLine: '',
        qErrorDataCode: 'EDC_ERROR',
        qMessage: { qMessageCode: 1, qMessageParameters: [] },
      }
}
