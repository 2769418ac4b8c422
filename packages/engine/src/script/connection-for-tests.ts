import { LichenError, LoadError } from '../base/errors.ts'
import type { Value } from '../value/dual.ts'
import { type Connection, type Connections, namedConnections } from './connection.ts'
import type { OpenSource } from './reader.ts'

/** Results by the text of the query; each with its rows, a string to be refused with. */
export type Answers = Readonly<
  Record<string, { readonly fields: readonly string[]; readonly rows: readonly Value[][] } | string>
>

export interface FakeDatabase {
  readonly connections: Connections
  /** What was sent, and `open name` and `close name`. */
  readonly sent: string[]
}

/** A database in memory that knows some statements by heart; each result comes in batches of two rows. */
export function fakeDatabase(answers: Answers, names: readonly string[] = ['db']): FakeDatabase {
  const sent: string[] = []
  const connect = (name: string): Connection => {
    sent.push(`open ${name}`)
    return {
      description: name,
      async query(text) {
        sent.push(text)
        const answer = answers[text]
        if (answer === undefined || typeof answer === 'string')
          throw new LoadError('script-failed', `${name}: ${answer ?? 'no such statement'}`)
        return sourceOf(answer.fields, answer.rows)
      },
      describe: async (what) => sourceOf(['TABLE_NAME'], [[`the ${what}`]]),
      async close() {
        sent.push(`close ${name}`)
        throw new Error('the server is gone')
      },
    }
  }
  return { connections: namedConnections(Object.fromEntries(names.map((n) => [n, connect]))), sent }
}

function sourceOf(fields: readonly string[], rows: readonly Value[][]): OpenSource {
  return {
    fields,
    async *batches(wanted, cancellation) {
      for (let start = 0; start < rows.length; start += 2) {
        if (cancellation.cancelled) throw new LichenError('cancelled', 'The work was cancelled')
        const part = rows.slice(start, start + 2)
        yield {
          rows: part.length,
          columns: wanted.map((field) => ({
            kind: 'values',
            values: part.map((row) => row[field] ?? null),
          })),
        }
      }
    },
  }
}
