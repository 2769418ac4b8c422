import { LichenError } from '../base/errors.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression } from '../expression/evaluate.ts'
import { numberOf } from '../value/dual.ts'
import type { DimensionLimit } from './definition.ts'

const orders: readonly string[] = ['largest', 'smallest', 'first']
const reaches: readonly string[] = ['outer', 'all']
const comparisons: readonly string[] = ['>=', '>', '<=', '<']

/**
 * Looks at what a caller wrote, without computing anything. `dimension` is what messages call it.
 * @throws LichenError `invalid-argument`
 */
export function checkLimit(limit: DimensionLimit, dimension: string): void {
  oneOf(limit.within ?? 'outer', 'within', reaches, dimension)
  switch (limit.mode) {
    case 'counted':
      oneOf(limit.from, 'from', orders, dimension)
      break
    case 'exact':
    case 'relative':
      oneOf(limit.compare, 'compare', comparisons, dimension)
      break
    case 'accumulated':
    case 'accumulated-relative':
      oneOf(limit.compare, 'compare', comparisons, dimension)
      oneOf(limit.from, 'from', orders, dimension)
      break
    default:
      throw refused(
        dimension,
        'has an unknown mode. Use counted, exact, relative, accumulated or accumulated-relative',
      )
  }
  const { name, given } = thresholdIn(limit)
  if (typeof given === 'string') return
  if (!Number.isFinite(given))
    throw refused(dimension, `has ${name} ${given}. Give a number or an expression`)
  if (limit.mode === 'counted' && !(Number.isInteger(given) && given >= 0))
    throw refused(dimension, `has count ${given}. Give a whole number from 0 on, or an expression`)
}

function oneOf(given: string, name: string, known: readonly string[], dimension: string): void {
  if (known.includes(given)) return
  throw refused(dimension, `has ${name} ${given}. Use one of ${known.join(' ')}`)
}

/**
 * The number a limit counts to or compares with; of a count, its whole part.
 * @throws LichenError `invalid-argument` for an expression that gives no number; ExpressionError
 */
export function thresholdOf(limit: DimensionLimit, dimension: string, env: Environment): number {
  const { name, given } = thresholdIn(limit)
  const number = typeof given === 'number' ? given : numberOf(evaluateExpression(given, env))
  const threshold = limit.mode === 'counted' ? Math.floor(number) : number
  if (Number.isFinite(threshold) && !(limit.mode === 'counted' && threshold < 0)) return threshold
  throw refused(
    dimension,
    `takes its ${name} from ${given}, which gives ${Number.isNaN(number) ? 'no number' : number}. Change the expression, or give a number`,
  )
}

function thresholdIn(limit: DimensionLimit): {
  readonly name: string
  readonly given: number | string
} {
  switch (limit.mode) {
    case 'counted':
      return { name: 'count', given: limit.count }
    case 'exact':
    case 'accumulated':
      return { name: 'value', given: limit.value }
    case 'relative':
    case 'accumulated-relative':
      return { name: 'percent', given: limit.percent }
  }
}

function refused(dimension: string, what: string): LichenError {
  return new LichenError('invalid-argument', `The limit of dimension ${dimension} ${what}`, {
    details: { dimension },
  })
}
