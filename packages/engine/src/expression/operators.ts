import { falseValue, trueValue, truth } from '../functions/function.ts'
import { collate } from '../value/collate.ts'
import { compareValues, equalValues } from '../value/compare.ts'
import { numberOrNull, type Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { readValue } from '../value/interpret.ts'
import { textOf } from '../value/text-of.ts'
import { matchesWildcard } from '../value/wildcard.ts'
import type { BinaryOperator, UnaryOperator } from './ast.ts'

/*
 * The operators on single values. Truth is -1 and falsehood 0; text that can be read as a number counts as one.
 * NULL: arithmetic gives NULL, `&` leaves it out, `A <> NULL` is true and other relations with one NULL are false,
 * a relation of two NULLs is NULL, and in logic NULL is false.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/null-value-handling.htm
 */

export type BinaryFunction = (left: Value, right: Value, settings: FormatSettings) => Value
export type UnaryFunction = (operand: Value, settings: FormatSettings) => Value

export const binaryFunctions: Readonly<Record<BinaryOperator, BinaryFunction>> = {
  '+': (a, b, settings) => numberOrNull(readValue(a, settings) + readValue(b, settings)),
  '-': (a, b, settings) => numberOrNull(readValue(a, settings) - readValue(b, settings)),
  '*': (a, b, settings) => numberOrNull(readValue(a, settings) * readValue(b, settings)),
  '/': (a, b, settings) => numberOrNull(readValue(a, settings) / readValue(b, settings)),
  '&': concatenate,
  '=': relation(equalValues),
  '<>': relation((a, b, settings) => !equalValues(a, b, settings), trueValue),
  '<': relation((a, b, settings) => compareValues(a, b, settings) < 0),
  '<=': relation((a, b, settings) => compareValues(a, b, settings) <= 0),
  '>': relation((a, b, settings) => compareValues(a, b, settings) > 0),
  '>=': relation((a, b, settings) => compareValues(a, b, settings) >= 0),
  like: textRelation(matchesWildcard),
  precedes: textRelation((a, b) => collate(a, b) < 0),
  follows: textRelation((a, b) => collate(a, b) > 0),
  and: (a, b, settings) => truth(isTruthy(a, settings) && isTruthy(b, settings)),
  or: (a, b, settings) => truth(isTruthy(a, settings) || isTruthy(b, settings)),
  xor: (a, b, settings) => truth(isTruthy(a, settings) !== isTruthy(b, settings)),
  bitand: bitwise((a, b) => a & b),
  bitor: bitwise((a, b) => a | b),
  bitxor: bitwise((a, b) => a ^ b),
  '<<': shift((a, bits) => (bits > 31 ? 0 : a << bits)),
  '>>': shift((a, bits) => a >> Math.min(bits, 31)),
}

export const unaryFunctions: Readonly<Record<UnaryOperator, UnaryFunction>> = {
  '-': (a, settings) => numberOrNull(0 - readValue(a, settings)),
  '+': (a, settings) => numberOrNull(readValue(a, settings)),
  not: (a, settings) => truth(!isTruthy(a, settings)),
  bitnot: (a, settings) => {
    const number = readValue(a, settings)
    return Number.isNaN(number) ? null : ~Math.trunc(number)
  },
}

/** Any number but 0; NULL and text that is no number are false. */
export function isTruthy(value: Value, settings: FormatSettings): boolean {
  const number = readValue(value, settings)
  return !Number.isNaN(number) && number !== 0
}

function concatenate(a: Value, b: Value, settings: FormatSettings): Value {
  if (a === null && b === null) return null
  return (textOf(a, settings) ?? '') + (textOf(b, settings) ?? '')
}

function relation(
  holds: (a: Value, b: Value, settings: FormatSettings) => boolean,
  withOneNull: Value = falseValue,
): BinaryFunction {
  return (a, b, settings) => {
    if (a === null || b === null) return a === b ? null : withOneNull
    return holds(a, b, settings) ? trueValue : falseValue
  }
}

function textRelation(holds: (a: string, b: string) => boolean): BinaryFunction {
  return relation((a, b, settings) => holds(textOf(a, settings) ?? '', textOf(b, settings) ?? ''))
}

/** Operands are cut to signed integers of 32 bits, as the operators of JavaScript do. */
function bitwise(calculate: (a: number, b: number) => number): BinaryFunction {
  return (a, b, settings) => {
    const left = readValue(a, settings)
    const right = readValue(b, settings)
    if (Number.isNaN(left) || Number.isNaN(right)) return null
    return calculate(Math.trunc(left), Math.trunc(right))
  }
}

/** A shift by a negative number of bits is NULL. */
function shift(calculate: (a: number, bits: number) => number): BinaryFunction {
  const shifted = bitwise(calculate)
  return (a, b, settings) => (readValue(b, settings) < 0 ? null : shifted(a, b, settings))
}
