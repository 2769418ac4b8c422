/** The folders that scripts reach: relative paths and `lib://data` are below `data`, others below the folder of their name. */
export interface ScriptFolders {
  readonly root?: string
  readonly libs: Readonly<Record<string, string>>
}

/** Undefined when scripts reach no files at all. */
export function scriptFolders({
  data,
  libs = {},
}: {
  readonly data?: string | undefined
  readonly libs?: Readonly<Record<string, string>> | undefined
}): ScriptFolders | undefined {
  if (data !== undefined) return { root: data, libs: { data, ...libs } }
  return Object.keys(libs).length === 0 ? undefined : { libs }
}
