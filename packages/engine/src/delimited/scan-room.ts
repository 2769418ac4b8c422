import type { KernelMemory, WasmMemory } from '../wasm/memory.ts'
import { threadPool } from '../wasm/threads.ts'
import { scanKernel } from './scan-kernel.ts'

interface ScanExports {
  /** Reads the records of the job at that address. */
  run(address: number): void
}

/** The part of the WebAssembly API used here; runtimes without it, and pages whose policy forbids it, go without. */
interface WasmApi {
  readonly Memory: new (size: {
    readonly initial: number
    readonly maximum: number
    readonly shared: boolean
  }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: ScanExports }
}

declare const WebAssembly: WasmApi | undefined

const pageBytes = 64 << 10
const modules = new Map<boolean, object>()

/** Memory of a kernel that reads records, all 0 but where whoever had it before said what he had used. */
export interface ScanRoom {
  readonly memory: KernelMemory
  readonly exports: ScanExports
}

/** The room of the last text, for the next one: new memory makes garbage be collected, and threads would have to meet it. */
let spare: ScanRoom | undefined

/** Room of at least so many bytes; undefined where there is no WebAssembly or not so much memory. */
export function takeRoom(bytes: number): ScanRoom | undefined {
  // Only threads need shared memory, which some functions of browsers refuse.
  const isShared = threadPool() !== undefined
  const kept = spare
  spare = undefined
  if (kept?.memory.isShared === isShared && kept.memory.buffer.byteLength >= bytes) return kept
  if (typeof WebAssembly === 'undefined') return undefined
  try {
    const pages = Math.ceil(bytes / pageBytes)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared })
    const module = modules.get(isShared) ?? new WebAssembly.Module(scanKernel(isShared))
    modules.set(isShared, module)
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    return { memory: { memory, module, buffer: memory.buffer, roomAt: 0, isShared }, exports }
  } catch {
    // A content security policy without 'wasm-unsafe-eval', or no memory: the loops in JavaScript do the same.
    return undefined
  }
}

/** Gives room back that nobody refers to any more and that is all 0. */
export function giveRoom(room: ScanRoom): void {
  spare = room
}
