// `npm test`: from a fresh clone to the result of the whole suite, browser tests included.
import { attempt, ensureChromium, ensurePackages, must } from './setup.mjs'

ensurePackages()
ensureChromium()
must('npm', ['run', '--silent', 'build'])
process.exit(attempt('npx', ['vitest', 'run', ...process.argv.slice(2)]))
