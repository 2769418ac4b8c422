// Prints two numbers for the suites whose JSON reports are given: tests passed, tests failed.
// Beside a report, `<report>.code` holds vitest's exit code. A file that could not run, a suite without
// tests or report, and an error outside of any test count as one failure each.
import { existsSync, readFileSync } from 'node:fs'

let passed = 0
let failed = 0
for (const path of process.argv.slice(2)) {
  const suite = existsSync(path) ? count(JSON.parse(readFileSync(path, 'utf8'))) : [0, 0]
  const code = Number(readFileSync(`${path}.code`, 'utf8'))
  const silent = suite[1] === 0 && (code !== 0 || suite[0] === 0)
  passed += suite[0]
  failed += suite[1] + (silent ? 1 : 0)
}
process.stdout.write(`${passed} ${failed}\n`)

/** @returns {[passed: number, failed: number]} */
function count(report) {
  const unread = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return [report.numPassedTests, report.numFailedTests + unread.length]
}
