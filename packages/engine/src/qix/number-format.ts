import type { JsonObject } from '../app/document.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { numberAt, present, textAt } from './json.ts'

const kinds: Record<string, NumberFormat['kind']> = {
  I: 'integer',
  INTEGER: 'integer',
  R: 'number',
  REAL: 'number',
  F: 'fixed',
  FIX: 'fixed',
  M: 'money',
  MONEY: 'money',
  D: 'date',
  DATE: 'date',
  T: 'time',
  TIME: 'time',
  TS: 'timestamp',
  TIMESTAMP: 'timestamp',
  IV: 'interval',
  INTERVAL: 'interval',
}

const letters: Record<NumberFormat['kind'], string> = {
  integer: 'I',
  number: 'R',
  fixed: 'F',
  money: 'M',
  date: 'D',
  time: 'T',
  timestamp: 'TS',
  interval: 'IV',
}

/** A FieldAttributes (`qNumFormat`) as a format; undefined for automatic. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-fieldattributes.htm */
export function formatOfAttributes(attributes: JsonObject | undefined): NumberFormat | undefined {
  const kind = kinds[(textAt(attributes, 'qType') ?? 'U').toUpperCase()]
  if (attributes === undefined || kind === undefined) return undefined
  const decimals = numberAt(attributes, 'qnDec') ?? 2
  const plain =
    kind === 'fixed'
      ? `#,##0${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`
      : kind === 'integer'
        ? '#,##0'
        : ''
  const decimalSeparator = textAt(attributes, 'qDec')
  const thousandSeparator = textAt(attributes, 'qThou')
  return {
    kind,
    pattern: textAt(attributes, 'qFmt') ?? plain,
    ...(decimalSeparator === undefined || decimalSeparator === '' ? {} : { decimalSeparator }),
    ...(thousandSeparator === undefined || thousandSeparator === '' ? {} : { thousandSeparator }),
  }
}

/** A format as FieldAttributes; automatic when null. */
export function attributesOfFormat(format: NumberFormat | null): JsonObject {
  if (format === null) return { qType: 'U', qnDec: 0, qUseThou: 0 }
  const decimals = /[.,]([0#]+)$/.exec(format.pattern)?.[1]?.length ?? 0
  return present({
    qType: letters[format.kind],
    qnDec: decimals,
    qUseThou: format.pattern.includes('#,##0') ? 1 : 0,
    qFmt: format.pattern === '' ? undefined : format.pattern,
    qDec: format.decimalSeparator,
    qThou: format.thousandSeparator,
  })
}
