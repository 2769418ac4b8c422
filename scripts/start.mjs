// `npm start`: from a fresh clone to the demo in a browser.
import { spawn } from 'node:child_process'
import { ensurePackages, must, root } from './setup.mjs'

ensurePackages()
must('npm', ['run', '--silent', 'build'])
const demo = spawn(process.execPath, ['examples/explorer/serve.mjs', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => demo.kill(signal))
demo.on('exit', (code) => process.exit(code ?? 0))
