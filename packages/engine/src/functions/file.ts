import type { Value } from '../value/dual.ts'
import {
  absent,
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  portOf,
  type ScalarFunction,
  shown,
  textArg,
} from './function.ts'
import type { FileFacts, QvdFacts } from './ports.ts'

/** Pure: while one LOAD reads one file nothing of it changes. */
function ofFile(
  signature: string,
  meaning: string,
  max: 0 | 1,
  read: (file: FileFacts, context: FunctionContext) => Value,
): Definition {
  const name = signature.slice(0, signature.indexOf('('))
  return {
    signature,
    meaning,
    min: 0,
    max,
    context: 'script',
    evaluate: (args, context) => {
      const path = textArg(args, 0, context)
      if (args.length > 0 && path === null) return null
      const file = portOf(context, 'file', name)(path ?? undefined)
      return file === undefined ? null : read(file, context)
    },
  }
}

function ofQvd(
  signature: string,
  meaning: string,
  min: 1 | 2,
  read: (qvd: QvdFacts, context: FunctionContext, args: readonly Value[]) => Value,
): Definition {
  const name = signature.slice(0, signature.indexOf('('))
  return {
    signature,
    meaning,
    min,
    context: 'script',
    evaluate: (args, context) => {
      const file = textArg(args, 0, context)
      const qvd = file === null ? undefined : portOf(context, 'qvd', name)(file)
      return qvd === undefined ? null : read(qvd, context, args)
    },
  }
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

function directory(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'), path.lastIndexOf('\\')))
}

function dotOf(name: string): number {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? name.length : dot
}

export const fileFunctions: readonly ScalarFunction[] = category(
  'file',
  'FileFunctions/file-functions.htm',
  [
    ofFile('FileName()', 'name with extension', 0, ({ path }) => lastPart(path)),
    ofFile('FileBaseName()', 'file name without path and extension', 0, ({ path }) => {
      const name = lastPart(path)
      return name.slice(0, dotOf(name))
    }),
    ofFile('FileExtension()', 'extension of the file read', 0, ({ path }) => {
      const name = lastPart(path)
      return name.slice(dotOf(name) + 1)
    }),
    ofFile('FileDir()', 'directory of the file read', 0, ({ path }) => directory(path)),
    ofFile('FilePath()', 'full path', 0, ({ path }) => path),
    ofFile(
      'FileSize([file])',
      'size in bytes, NULL if missing',
      1,
      ({ sizeBytes }) => sizeBytes ?? null,
    ),
    ofFile('FileTime([file])', 'modification timestamp in UTC', 1, ({ modified }, context) =>
      shown(modified ?? Number.NaN, 'timestamp', context),
    ),
    absent('GetFolderPath(name)', 'path of a folder of Windows', 1),
    ofQvd('QvdCreateTime(file)', 'header timestamp of a QVD', 1, ({ created }, context) =>
      shown(created ?? Number.NaN, 'timestamp', context),
    ),
    ofQvd('QvdNoOfFields(file)', 'field count', 1, ({ fieldNames }) => fieldNames.length),
    ofQvd('QvdNoOfRecords(file)', 'record count', 1, ({ records }) => records),
    ofQvd('QvdTableName(file)', 'table name', 1, ({ tableName }) => tableName),
    ofQvd(
      'QvdFieldName(file, n)',
      'n-th field name',
      2,
      ({ fieldNames }, context, args) =>
        fieldNames[Math.trunc(numberArg(args, 1, context)) - 1] ?? null,
    ),
  ],
)
