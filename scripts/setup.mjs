import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @param {string} text */
export const say = (text) => process.stdout.write(`${text}\n`)

/**
 * Runs a command in the checkout with its output on the terminal and no input; ends the process with the command's code when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 */
export function must(command, args) {
  const code = attempt(command, args)
  if (code !== 0) process.exit(code)
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {number} the exit code; 1 when the command could not be started
 */
export function attempt(command, args) {
  const done = spawnSync(command, [...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.error) say(`${command}: ${done.error.message}`)
  return done.status ?? 1
}

/** npm writes this file last, so that an interrupted installation is repeated. */
export function ensurePackages() {
  if (existsSync(join(root, 'node_modules', '.package-lock.json'))) return
  say('Installing packages …')
  must('npm', ['ci'])
}

/** Finds Chromium, or installs Debian's when this machine allows it, or says what to do and ends with code 1. */
export function ensureChromium() {
  const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  if (runnable(path)) return
  if (process.getuid?.() === 0 && runnable('/usr/bin/apt-get') && !process.env.CHROMIUM_PATH) {
    say('Installing Chromium for the browser tests …')
    attempt('apt-get', ['update', '-q'])
    attempt('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'])
    if (runnable(path)) return
  }
  say(`The browser tests need Chromium, and there is none at ${path}.`)
  say('Install it (on Debian: sudo apt-get install chromium), or set CHROMIUM_PATH to yours.')
  process.exit(1)
}

/** @param {string} path */
function runnable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
