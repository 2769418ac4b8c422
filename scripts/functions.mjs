// `npm run functions`: prints how many functions of the expression language are carried out, by importance, and writes docs/functions.md.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { ensurePackages, root, say } from './setup.mjs'

ensurePackages()
const tests = join(root, 'packages/engine/test/functions')
const load = async (file) =>
  (await runnerImport(join(tests, file), { configFile: false, logLevel: 'warn' })).module
const { printCoverage } = await load('coverage.ts')
const { writeReference } = await load('reference.ts')
mkdirSync(join(root, 'docs'), { recursive: true })
writeFileSync(join(root, 'docs/functions.md'), writeReference())
say(printCoverage())
