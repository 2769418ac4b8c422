import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs the peers from their lockfile if they are not there, or were installed before it last changed. Where a registry lacks builds for other systems `npm ci` refuses the
 * lockfile, and a plain installation with the same lockfile does. Returns the reason when neither could.
 */
export function installPeers(folder: string, say: (line: string) => void): string | undefined {
  const installed = changed(join(folder, 'node_modules', '.package-lock.json'))
  if (installed > 0 && installed >= changed(join(folder, 'package-lock.json'))) return undefined
  say('Installing the peers …')
  const npm = (...args: string[]): string | undefined => {
    const done = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' })
    if (done.error !== undefined) return done.error.message
    return done.status === 0 ? undefined : (done.stderr.trim().split('\n')[0] ?? 'npm failed')
  }
  if (npm('ci') === undefined) return undefined
  const reason = npm('install', '--no-save', '--force')
  return reason === undefined ? undefined : `npm could not install the peers: ${reason}`
}

/** When a file last changed, in ms; 0 when there is none. */
function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
