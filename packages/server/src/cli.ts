import { LichenError } from '@lichen/engine'
import { startThreads } from '@lichen/engine/threads'
import { readArguments, usage } from './arguments.ts'
import { printReport, runScript } from './run-script.ts'
import { serve } from './serve.ts'

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2))
  if (options.command === 'help') {
    process.stdout.write(usage)
    return 0
  }
  if (options.command === 'run') {
    const report = await runScript(options)
    process.stdout.write(
      options.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report),
    )
    return report.errors.length === 0 ? 0 : 1
  }
  const { data, origins, jwt, threads, ...rest } = options
  startThreads(threads === undefined ? {} : { count: threads })
  const serving = await serve({
    ...rest,
    ...(data === undefined ? {} : { data }),
    ...(origins === undefined ? {} : { origins }),
    ...(jwt === undefined ? {} : { jwt }),
  })
  process.stdout.write(`listening on ${serving.url}\n`)
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  await serving.stop()
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof LichenError ? error.message : String(error)}\n`)
  process.exitCode = 1
}
