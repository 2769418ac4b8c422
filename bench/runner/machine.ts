import { availableParallelism, cpus, release, totalmem, type } from 'node:os'

/** The machine in words, without its name or any path. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${model}, ${availableParallelism()} cores, ${memory} GiB, ${type()} ${release().split('-')[0]}, Node ${process.version}`
}
