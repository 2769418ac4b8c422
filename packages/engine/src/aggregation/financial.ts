import {
  datedInternalRate,
  datedPresentValue,
  internalRate,
  netPresentValue,
} from '../math/finance.ts'
import { type AggregationDefinition, define } from './aggregation.ts'
import { RowsState } from './rows.ts'

/** Dated payments, earliest first: what is paid later is discounted to the first date. */
function byDate(
  payments: readonly number[],
  days: readonly number[],
): readonly [payments: number[], days: number[]] {
  const order = Array.from(days.keys()).sort((a, b) => (days[a] ?? 0) - (days[b] ?? 0) || a - b)
  return [order.map((at) => payments[at] ?? 0), order.map((at) => days[at] ?? 0)]
}

function list(
  signature: string,
  meaning: string,
  page: string,
  args: number,
  measure: (columns: readonly (readonly number[])[]) => number,
): AggregationDefinition {
  return define(signature, meaning, page, () => new RowsState(measure), {
    args: [args, args],
    distinctBy: 'all',
  })
}

export const financialAggregations: readonly AggregationDefinition[] = [
  list(
    'IRR(value)',
    'Internal rate of return of payments at equal intervals, in load order.',
    'irr.htm',
    1,
    ([payments = []]) => internalRate(payments),
  ),
  list(
    'NPV(rate, value)',
    'Present value of payments at the ends of equal periods, in load order.',
    'npv.htm',
    2,
    ([rates = [], payments = []]) => netPresentValue(rates[0] ?? Number.NaN, payments),
  ),
  list(
    'XIRR(pmt, date)',
    'Rate of return of dated payments, by 365-day years.',
    'xirr.htm',
    2,
    ([payments = [], days = []]) => datedInternalRate(...byDate(payments, days)),
  ),
  list(
    'XNPV(rate, pmt, date)',
    'Present value of dated payments on the day of the first of them.',
    'xnpv.htm',
    3,
    ([rates = [], payments = [], days = []]) =>
      datedPresentValue(rates[0] ?? Number.NaN, ...byDate(payments, days)),
  ),
]
