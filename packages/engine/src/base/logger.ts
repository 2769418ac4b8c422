/** Passed in by the host; silent unless given. Fields never hold row data or secrets. */
export interface Logger {
  log(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, string | number | boolean>>,
  ): void
}

export const silentLogger: Logger = { log() {} }
