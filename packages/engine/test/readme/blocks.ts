import { readFileSync } from 'node:fs'

/** The code blocks of a README in one of these languages. */
export function codeBlocks(readme: URL, languages: readonly string[]): string[] {
  const blocks = readFileSync(readme, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)
  return [...blocks].flatMap(([, language = '', code = '']) =>
    languages.includes(language) ? [code] : [],
  )
}

/** The code blocks that stand in none of the files, which is where they are run. */
export function blocksNotIn(
  readme: URL,
  languages: readonly string[],
  files: readonly URL[],
): string[] {
  const texts = files.map((file) => readFileSync(file, 'utf8'))
  return codeBlocks(readme, languages).filter((code) => !texts.some((text) => text.includes(code)))
}
