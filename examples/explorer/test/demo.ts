import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const serveFile = fileURLToPath(new URL('../serve.mjs', import.meta.url))

/** The demo as `npm start` runs it, on ports that the system chose. */
export interface Demo {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the demo with its data loaded. Rejects with what it printed when it ends early. */
export async function startDemo(): Promise<Demo> {
  const child = spawn(process.execPath, [serveFile, '--port', '0', '--engine-port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { url: await addressOf(child), stop: () => stop(child) }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const read = (chunk: Buffer): void => {
      printed += chunk.toString()
      const told = /The demo is at (http:\S+)/.exec(printed)
      if (told?.[1]) resolve(told[1])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('exit', (code) => reject(new Error(`the demo ended with code ${code}:\n${printed}`)))
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
