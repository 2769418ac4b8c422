import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const compiler = process.env.CC ?? 'cc'

/** The kernels of floor.c by their numbers there. */
const kernels = ['filter', 'seen', 'counts', 'gather', 'sums'] as const

export type NativeArray = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** One call of a kernel of floor.c, which says what its inputs are. */
export interface NativeCase {
  readonly kernel: (typeof kernels)[number]
  /** How many codes there are, NULL among them. */
  readonly codes: number
  readonly inputs: readonly NativeArray[]
}

export interface NativeResult {
  /** Median of the rounds. */
  readonly ms: number
  readonly answer: Uint32Array | Float64Array
}

/** The machine's own compiler with a program made of floor.c in `folder`, which its owner removes. */
export class Native {
  /** The compiler in its own words. */
  readonly compiler: string
  readonly #program: string
  readonly #folder: string

  private constructor(compiler: string, program: string, folder: string) {
    this.compiler = compiler
    this.#program = program
    this.#folder = folder
  }

  /** The reason, in words, where it cannot be compiled. */
  static compile(source: string, folder: string): Native | string {
    const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' })
    if (version.error !== undefined || version.status !== 0) return `there is no ${compiler}`
    const program = join(folder, 'floor')
    const made = spawnSync(compiler, ['-O3', '-march=native', '-o', program, source], {
      encoding: 'utf8',
    })
    if (made.status !== 0) return made.stderr.split('\n')[0] ?? 'the compiler failed'
    return new Native(version.stdout.split('\n')[0] ?? compiler, program, folder)
  }

  /** Writes the cases where the program reads them. */
  prepare(cases: readonly NativeCase[]): void {
    const file = openSync(join(this.#folder, 'input'), 'w')
    try {
      for (const { kernel, codes, inputs } of cases) {
        writeSync(file, Uint32Array.of(kernels.indexOf(kernel), codes, inputs.length, 0))
        for (const array of inputs) {
          writeSync(file, Uint32Array.of(array.BYTES_PER_ELEMENT, array.length))
          if (array.length > 0) writeSync(file, array)
          const over = array.byteLength % 8
          if (over > 0) writeSync(file, new Uint8Array(8 - over))
        }
      }
    } finally {
      closeSync(file)
    }
  }

  /** Runs every case. @throws Error with the program's words */
  run(rounds: number): readonly NativeResult[] {
    const [input, output] = [join(this.#folder, 'input'), join(this.#folder, 'output')]
    const done = spawnSync(this.#program, [input, output, String(rounds)], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr.trim() || 'the C program failed')
    const answers = arraysOf(readFileSync(output))
    return done.stdout
      .trim()
      .split('\n')
      .map((line, at) => ({ ms: Number(line) / 1e6, answer: answers[at] ?? new Uint32Array() }))
  }
}

function arraysOf({ buffer, byteOffset, byteLength }: Buffer): (Uint32Array | Float64Array)[] {
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength)
  const arrays: (Uint32Array | Float64Array)[] = []
  let at = 0
  while (at < bytes.byteLength) {
    const [width = 0, count = 0] = new Uint32Array(bytes, at, 2)
    at += 8
    arrays.push(
      width === 8 ? new Float64Array(bytes, at, count) : new Uint32Array(bytes, at, count),
    )
    at += Math.ceil((width * count) / 8) * 8
  }
  return arrays
}
