// What users get from npm: exports that resolve, types that match them, nothing but dist and bin.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, root } from './setup.mjs'

const published = readdirSync(join(root, 'packages')).filter(
  (name) => !JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')).private,
)
let failed = 0
for (const name of published) {
  const path = `packages/${name}`
  failed += attempt('npx', ['publint', '--strict', path]) === 0 ? 0 : 1
  failed += attempt('npx', ['attw', '--pack', path, '--profile', 'esm-only']) === 0 ? 0 : 1
}
process.exit(failed === 0 ? 0 : 1)
