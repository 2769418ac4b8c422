import { normalCumulative } from '../math/distributions.ts'
import {
  type Annuity,
  futureValue,
  payment,
  periodicRate,
  periods,
  presentValue,
} from '../math/finance.ts'
import { numberOrNull, type Value } from '../value/dual.ts'
import {
  asMoney,
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  optionalNumber,
  type ScalarFunction,
  shownBy,
  textArg,
} from './function.ts'

type Quantity = 'rate' | 'periods' | 'payment' | 'present' | 'future'

/** A function of an annuity: three quantities are given in `order`, two more may follow as named, then the type. */
function annuity(
  signature: string,
  meaning: string,
  order: readonly Quantity[],
  calculate: (given: Annuity) => number,
): Definition {
  return {
    signature,
    meaning,
    min: 3,
    max: order.length + 1,
    evaluate: (args, context) => {
      const given = { rate: 0, periods: 0, payment: 0, present: 0, future: 0 }
      for (const [index, quantity] of order.entries())
        given[quantity] =
          index < 3 ? numberArg(args, index, context) : optionalNumber(args, index, context, 0)
      const due = optionalNumber(args, order.length, context, 0) === 0 ? 0 : 1
      return numberOrNull(calculate({ ...given, due }))
    },
  }
}

/** Source: https://doi.org/10.1086/260062 (Black and Scholes) */
function blackAndScholes(args: readonly Value[], context: FunctionContext): Value {
  const [
    strike = Number.NaN,
    years = Number.NaN,
    price = Number.NaN,
    volatility = Number.NaN,
    rate = Number.NaN,
  ] = [0, 1, 2, 3, 4].map((index) => numberArg(args, index, context))
  const kind = textArg(args, 5, context)?.toLowerCase() ?? ''
  const call = kind === 'call' || kind === 'c' || numberArg(args, 5, context) !== 0
  const spread = volatility * Math.sqrt(years)
  const d1 = (Math.log(price / strike) + (rate + volatility ** 2 / 2) * years) / spread
  const d2 = d1 - spread
  const discounted = strike * Math.exp(-rate * years)
  if (call && kind !== 'put' && kind !== 'p')
    return numberOrNull(price * normalCumulative(d1) - discounted * normalCumulative(d2))
  return numberOrNull(discounted * normalCumulative(-d2) - price * normalCumulative(-d1))
}

export const financeFunctions: readonly ScalarFunction[] = category(
  'financial',
  'financial-functions.htm',
  [
    asMoney(
      annuity(
        'FV(rate, nper, pmt [,pv [,type]])',
        'future value',
        ['rate', 'periods', 'payment', 'present'],
        futureValue,
      ),
    ),
    asMoney(
      annuity(
        'PV(rate, nper, pmt [,fv [,type]])',
        'present value',
        ['rate', 'periods', 'payment', 'future'],
        presentValue,
      ),
    ),
    asMoney(
      annuity(
        'Pmt(rate, nper, pv [,fv [,type]])',
        'payment per period',
        ['rate', 'periods', 'present', 'future'],
        payment,
      ),
    ),
    annuity(
      'nPer(rate, pmt, pv [,fv [,type]])',
      'number of periods',
      ['rate', 'payment', 'present', 'future'],
      periods,
    ),
    shownBy(
      { kind: 'number', pattern: '0.00%' },
      annuity(
        'Rate(nper, pmt, pv [,fv [,type]])',
        'interest per period',
        ['periods', 'payment', 'present', 'future'],
        periodicRate,
      ),
    ),
    {
      signature: 'BlackAndSchole(strike, time_left, underlying_price, vol, risk_free_rate, type)',
      meaning: 'value of an option; type call or put',
      min: 6,
      evaluate: blackAndScholes,
    },
  ],
)
