import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createApp } from '@lichen/engine'
import { folderReader, folderWriter } from '@lichen/loader/node'

const here = import.meta.dirname

/** The files as other systems leave them. */
export const data = join(here, 'data')

/**
 * An app over what the script made of the files in `data`; tables for the next run are kept in `store`.
 * @param {{ data: string, store: string }} folders
 */
export async function reload({ data, store }) {
  const script = join(here, 'script')
  return createApp({
    script: await readFile(join(script, 'coffee.qvs'), 'utf8'),
    reader: folderReader({ libs: { data, store, script } }),
    writer: folderWriter({ libs: { store } }),
  })
}
