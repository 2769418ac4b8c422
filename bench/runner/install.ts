import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs the peers from their lockfile if they are not there. Where a registry lacks builds for other systems `npm ci` refuses the
 * lockfile, and a plain installation with the same lockfile does. Returns the reason when neither could.
 */
export function installPeers(folder: string, say: (line: string) => void): string | undefined {
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return undefined
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
