import { assemble, type WasmFunction } from './assembler.ts'
import { groupKernels } from './group-kernels.ts'
import {
  all,
  type Code,
  callIndirect,
  constant,
  fetchAdd,
  get,
  isBelow,
  load32,
  plus,
  set,
  shifted,
  times,
  whileTrue,
} from './instructions.ts'
import { kernelParams } from './kernel.ts'
import { rowKernels } from './row-kernels.ts'
import { textKernels } from './text-kernels.ts'

/** Words of a call: the number of its kernel, then base, stride and chunk number of each argument. */
export const callWords: number = 1 + kernelParams * 3
/** Words that describe a chunk, see `ChunkNumber`. */
export const chunkWords = 8
/** In place of a kernel's number: the calls end here. */
export const endOfCalls = 0xffffffff

const kernels: readonly WasmFunction[] = [...rowKernels, ...groupKernels, ...textKernels]

/** By the name of a kernel its number in calls. */
export const kernelNumbers: ReadonlyMap<string, number> = new Map(
  kernels.map(({ name }, index) => [name, index]),
)

/**
 * Takes chunk after chunk, as long as `next` gives one below `chunks`, and makes all calls of a program for each. Several threads may run
 * at once: each chunk is taken by one of them. An argument is base + stride × a number of the chunk.
 */
const run: WasmFunction = (() => {
  const [program, table, chunks, next] = [0, 1, 2, 3]
  const [chunk, row, call] = [kernelParams, kernelParams + 1, kernelParams + 2]
  const argument = (index: number): Code => {
    const at = 4 + index * 12
    return plus(
      load32(get(call), at),
      times(load32(get(call), at + 4), load32(plus(get(row), load32(get(call), at + 8)))),
    )
  }
  return {
    name: 'run',
    params: kernelParams,
    integers: 3,
    doubles: 0,
    body: all(
      set(chunk, fetchAdd(get(next), constant(1))),
      whileTrue(
        isBelow(get(chunk), get(chunks)),
        all(
          set(row, plus(get(table), shifted(get(chunk), 5))),
          set(call, get(program)),
          whileTrue(
            plus(load32(get(call)), constant(1)),
            all(
              callIndirect(
                load32(get(call)),
                Array.from({ length: kernelParams }, (_, index) => argument(index)),
                0,
              ),
              set(call, plus(get(call), constant(callWords * 4))),
            ),
          ),
          set(chunk, fetchAdd(get(next), constant(1))),
        ),
      ),
    ),
  }
})()

/** What an instance of the module offers: addresses are bytes from the start of the memory. */
export interface KernelExports {
  run(program: number, table: number, chunks: number, next: number): void
}

/** The module's bytes. */
export function kernelModule(isShared: boolean): Uint8Array {
  return assemble([...kernels, run], { isShared, pages: 65_536, exports: ['run'] })
}
