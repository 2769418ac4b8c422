import { type Line, lineThrough } from '../math/regression.ts'
import { type AggregationDefinition, define } from './aggregation.ts'
import { RowsState } from './rows.ts'

function linest(part: string, meaning: string, of: (line: Line) => number): AggregationDefinition {
  return define(
    `LINEST_${part}(y, x [,y0 [,x0]])`,
    `${meaning} of the straight line fitted to the points, through (x0, y0) where given.`,
    `linest-${part.toLowerCase()}.htm`,
    () =>
      new RowsState(([ys = [], xs = [], y0, x0]) =>
        of(lineThrough(ys, xs, y0 === undefined ? undefined : { y: y0[0] ?? 0, x: x0?.[0] ?? 0 })),
      ),
    { args: [2, 4], distinctBy: 'all' },
  )
}

/** Straight lines by least squares over complete pairs. */
export const regressionAggregations: readonly AggregationDefinition[] = [
  define(
    'STEYX(y, x)',
    'Standard error of y estimated from x by the fitted straight line.',
    'steyx.htm',
    () => new RowsState(([ys = [], xs = []]) => lineThrough(ys, xs).estimateError),
    { args: [2, 2], distinctBy: 'all' },
  ),
  linest('B', 'Intercept', ({ intercept }) => intercept),
  linest('M', 'Slope', ({ slope }) => slope),
  linest('R2', 'Coefficient of determination', ({ r2 }) => r2),
  linest('DF', 'Degrees of freedom', ({ freedom }) => freedom),
  linest(
    'F',
    'F statistic',
    ({ explained, residual, freedom }) => explained / (residual / freedom),
  ),
  linest('SEB', 'Standard error of the intercept', ({ interceptError }) => interceptError),
  linest('SEM', 'Standard error of the slope', ({ slopeError }) => slopeError),
  linest('SEY', 'Standard error of y', ({ estimateError }) => estimateError),
  linest('SSREG', 'Explained sum of squares', ({ explained }) => explained),
  linest('SSRESID', 'Residual sum of squares', ({ residual }) => residual),
]
