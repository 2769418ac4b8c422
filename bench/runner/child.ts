import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Command, Replies, Reply } from './protocol.ts'

/** A contender's process. Commands are asked one after the other. */
export class Child {
  readonly name: string
  readonly #process: ChildProcess
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined
  #ended: Error | undefined
  #lastWords = ''

  private constructor(name: string, process: ChildProcess) {
    this.name = name
    this.#process = process
    if (process.stdout === null || process.stderr === null) throw new Error('no pipes')
    createInterface({ input: process.stdout }).on('line', (line) => this.#hear(line))
    process.stderr.on('data', (text: Buffer) => {
      this.#lastWords = (this.#lastWords + text.toString()).slice(-2000)
    })
    process.on('error', (error) => this.#end(error))
    process.on('close', (code, signal) =>
      this.#end(
        new Error(`${name} ended (${signal ?? code}) ${this.#lastWords.trim().split('\n').at(-1)}`),
      ),
    )
  }

  /** Starts `node script name` and waits until it can be asked. @throws Error with the reason it could not start */
  static async start(script: string, name: string, heapMegabytes: number): Promise<Child> {
    const child = new Child(
      name,
      spawn(
        process.execPath,
        ['--expose-gc', `--max-old-space-size=${heapMegabytes}`, script, name],
        { stdio: ['pipe', 'pipe', 'pipe'] },
      ),
    )
    const greeting = await child.#next(60_000)
    if ('error' in greeting) throw new Error(greeting.error)
    return child
  }

  /** @throws Error with the contender's words, or when it takes longer than `limit` ms */
  async ask<Op extends Command['op']>(
    command: Extract<Command, { readonly op: Op }>,
    limit: number = 600_000,
  ): Promise<Replies[Op]> {
    const reply = this.#next(limit)
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`)
    const answer = await reply
    if ('error' in answer) throw new Error(answer.error)
    return answer.result as Replies[Op]
  }

  stop(): void {
    this.#process.stdin?.end()
    this.#process.kill()
  }

  #next(limit: number): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#process.kill('SIGKILL')
        reject(new Error(`no answer within ${limit / 1000} s`))
      }, limit)
      this.#waiting = {
        resolve: (reply) => {
          clearTimeout(timer)
          resolve(reply)
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      }
    })
  }

  #hear(line: string): void {
    if (!line.startsWith('\u0001')) return
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(JSON.parse(line.slice(1)))
  }

  #end(error: Error): void {
    this.#ended = error
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }
}
