import { sumOf } from './exact-sum.ts'
import { rootBetween } from './root.ts'

/** Present value of payments at the ends of periods 1, 2, …. */
export function netPresentValue(rate: number, payments: readonly number[]): number {
  return sumOf(payments.map((payment, index) => payment / (1 + rate) ** (index + 1)))
}

/** Present value of payments at serial days, discounted by 365-day years from the first of them. */
export function datedPresentValue(
  rate: number,
  payments: readonly number[],
  days: readonly number[],
): number {
  const start = days[0] ?? 0
  return sumOf(
    payments.map((payment, index) => payment / (1 + rate) ** (((days[index] ?? 0) - start) / 365)),
  )
}

/** The rate at which the payments are worth nothing today; NaN when there is none. */
export function internalRate(payments: readonly number[]): number {
  return rateWhereZero((rate) => netPresentValue(rate, payments), payments)
}

export function datedInternalRate(payments: readonly number[], days: readonly number[]): number {
  return rateWhereZero((rate) => datedPresentValue(rate, payments, days), payments)
}

// Edges of the brackets that are searched, outwards from a rate of 10 %.
const upwards = [0.1, 0.25, 0.5, 1, 2, 5, 10, 100, 1000, 1e6]
const downwards = [0.1, 0, -0.1, -0.25, -0.5, -0.75, -0.9, -0.99, -0.9999]

function rateWhereZero(worth: (rate: number) => number, payments: readonly number[]): number {
  if (!payments.some((payment) => payment > 0) || !payments.some((payment) => payment < 0))
    return Number.NaN
  return inBrackets(worth, upwards) ?? inBrackets(worth, downwards) ?? Number.NaN
}

function inBrackets(worth: (rate: number) => number, edges: readonly number[]): number | undefined {
  for (let at = 1; at < edges.length; at += 1) {
    const root = rootBetween(worth, edges[at - 1] ?? 0, edges[at] ?? 0)
    if (!Number.isNaN(root)) return root
  }
  return undefined
}

/** The five quantities of an annuity; `due` is 1 when payments come at the start of a period, else 0. */
export interface Annuity {
  readonly rate: number
  readonly periods: number
  readonly payment: number
  readonly present: number
  readonly future: number
  readonly due: number
}

/** What the quantities leave over: zero when they fit together. */
function balance({ rate, periods, payment, present, future, due }: Annuity): number {
  if (rate === 0) return present + payment * periods + future
  const growth = (1 + rate) ** periods
  return present * growth + (payment * (1 + rate * due) * (growth - 1)) / rate + future
}

export function futureValue(annuity: Annuity): number {
  return -balance({ ...annuity, future: 0 })
}

export function presentValue(annuity: Annuity): number {
  const growth = (1 + annuity.rate) ** annuity.periods
  return -balance({ ...annuity, present: 0 }) / growth
}

export function payment(annuity: Annuity): number {
  return (
    -balance({ ...annuity, payment: 0 }) /
    balance({ ...annuity, payment: 1, present: 0, future: 0 })
  )
}

export function periods({ rate, payment: paid, present, future, due }: Annuity): number {
  if (rate === 0) return -(present + future) / paid
  const perPeriod = (paid * (1 + rate * due)) / rate
  return Math.log((perPeriod - future) / (perPeriod + present)) / Math.log(1 + rate)
}

export function periodicRate(annuity: Annuity): number {
  const worth = (rate: number) => balance({ ...annuity, rate })
  return inBrackets(worth, upwards) ?? inBrackets(worth, downwards) ?? Number.NaN
}
