import type { ScriptProblem } from '@lichen/sdk/codemirror'
import type { Connection, ReloadProgress } from './engine-connection.ts'
import { problemOfReload, showPlace } from './script-error.ts'

/** `error` is text to be shown in a fixed-width face, undefined when the script ran; `problem` is its place in the script, if it has one. */
export interface ReloadResult {
  readonly error?: string
  readonly problem?: ScriptProblem
}

const pollMs = 200

/** Puts the script into the app and runs it, telling how far it is. A script with syntax errors is not run, and the data stay as they were. */
export async function reload(
  connection: Connection,
  script: string,
  onProgress: (progress: ReloadProgress) => void,
): Promise<ReloadResult> {
  const { doc, global } = connection
  await doc.setScript(script)
  const problems = await doc.checkScriptSyntax()
  if (problems.length > 0) {
    const places = problems.map((problem) =>
      showPlace(script, { offset: problem.qTextPos, length: problem.qErrLen }),
    )
    return { error: `The script cannot be understood here:\n\n${places.join('\n\n')}` }
  }
  let ended = false
  const timer = setInterval(() => {
    const tell = (progress: ReloadProgress): void => {
      if (!ended) onProgress(progress)
    }
    global.getProgress(0).then(tell, () => undefined)
  }, pollMs)
  try {
    if (await doc.doReload()) return {}
    const { qErrorData } = await global.getProgress(0)
    const told = qErrorData.map((error) => error.qErrorString).join('\n\n')
    const [problem] = qErrorData.flatMap((error) => problemOfReload(script, error))
    return {
      error: told || 'The reload failed and the engine did not say why.',
      ...(problem && { problem }),
    }
  } finally {
    ended = true
    clearInterval(timer)
  }
}
