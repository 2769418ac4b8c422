import type { ByteSource } from './byte-source.ts'
import { unsupported } from './load-errors.ts'

/** What to do about formats that are not read, by the word a clause or an extension has for them. */
export const waysOut: Readonly<Record<string, string>> = {
  biff: 'save the workbook as .xlsx',
  xls: 'save the workbook as .xlsx',
  xlsb: 'save the workbook as .xlsx',
  ods: 'save the spreadsheet as .xlsx',
  qvx: 'store the table as QVD',
  qvw: 'store its tables as QVD',
  dif: 'save the table as CSV',
  kmz: 'unpack it; the .kml in it is read',
}

const headBytes = 512

/**
 * Refuses a file that begins as one of a format that is not read, whatever it is called: old Excel workbooks, DIF and QVX.
 * Sources: https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/ (header),
 * https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-xls/ (BOF), https://www.loc.gov/preservation/digital/formats/fdd/fdd000368.shtml (DIF)
 * @throws LoadError `source-unsupported`
 */
export async function refuseForeign(source: ByteSource): Promise<void> {
  const head = await source.read(0, Math.min(headBytes, source.size))
  const word = formatOf(head)
  if (word !== undefined)
    throw unsupported(
      source.name,
      `it is a file of the format ${word}, which is not read; ${waysOut[word]}`,
    )
}

function formatOf(head: Uint8Array): 'xls' | 'dif' | 'qvx' | undefined {
  const [first, second, third, fourth] = head
  if (first === 0xd0 && second === 0xcf && third === 0x11 && fourth === 0xe0) return 'xls'
  // The first record of a workbook without a container, in the versions 2 to 5.
  if (
    first === 0x09 &&
    (second === 0 || second === 2 || second === 4 || second === 8) &&
    fourth === 0
  )
    return 'xls'
  const text = new TextDecoder('windows-1252').decode(head)
  if (/^TABLE\r?\n\s*0,\s*1\r?\n"/.test(text)) return 'dif'
  return /<QvxTableHeader[\s>]/.test(text) ? 'qvx' : undefined
}
