import { LichenError, LoadError } from '@lichen/engine'

/** What a message of a server or driver must not show. */
export type Secrets = readonly (string | undefined)[]

/** The error of a driver as the author of a script sees it: the server's own words and code, without secrets. */
export function refused(name: string, cause: unknown, secrets: Secrets): LichenError {
  if (cause instanceof LichenError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const code =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const said = message === '' ? code : message
  const shown = code === '' || said.includes(code) ? said : `${said} (${code})`
  // The error itself is not passed on as a cause: it may hold the statement or the configuration.
  return new LoadError('script-failed', `${name}: ${withoutSecrets(shown, secrets)}`)
}

function withoutSecrets(text: string, secrets: Secrets): string {
  let shown = text
  for (const secret of secrets)
    if (secret !== undefined && secret !== '') shown = shown.replaceAll(secret, '***')
  return shown
}

/** A driver package, imported when it is first used. @throws LoadError `source-unsupported` that names the package when it is not installed */
export async function driver<Module>(
  packageName: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load()
  } catch {
    throw new LoadError(
      'source-unsupported',
      `The package ${packageName} is needed for this connection and could not be loaded; run npm install ${packageName}`,
    )
  }
}

/** The passwords in the address of a database. */
export function secretsOfAddress(address: string | undefined): Secrets {
  if (address === undefined) return []
  const password = /^[^:]+:\/\/[^@/]*?:([^@/]*)@/.exec(address)?.[1]
  return [address, password, password === undefined ? undefined : decoded(password)]
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
