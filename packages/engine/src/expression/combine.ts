import type { Bitset } from '../storage/bitset.ts'
import type { SetOperator } from './ast.ts'

/** Union, exclusion, intersection, symmetric difference; a new set. */
export function combine(operator: SetOperator, left: Bitset, right: Bitset): Bitset {
  switch (operator) {
    case '+':
      return left.clone().unionWith(right)
    case '-':
      return left.clone().subtractWith(right)
    case '*':
      return left.clone().intersectWith(right)
    case '/':
      return left.clone().subtractWith(right).unionWith(right.clone().subtractWith(left))
  }
}
