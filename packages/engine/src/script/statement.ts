import type { Span } from '../base/errors.ts'
import type { FormatClause } from './reader.ts'

/** All spans are offsets into the (expanded) text of the one statement. */
export interface Name {
  readonly text: string
  readonly quoted: boolean
  readonly span: Span
}

/** The text of an expression; parsed when the statement runs. */
export interface Fragment {
  readonly text: string
  readonly span: Span
}

/** What FORCE makes of field names and values. */
export type LetterCase = 'upper' | 'lower' | 'capitalized'

export type JoinSide = 'outer' | 'inner' | 'left' | 'right'

export type Prefix =
  | {
      readonly kind: 'join' | 'keep'
      readonly side: JoinSide
      readonly table: Name | undefined
      readonly span: Span
    }
  | { readonly kind: 'concatenate'; readonly table: Name | undefined; readonly span: Span }
  | { readonly kind: 'noconcatenate' | 'mapping' | 'generic' | 'add'; readonly span: Span }
  | {
      readonly kind: 'crosstable'
      readonly attribute: Name
      readonly data: Name
      readonly qualifiers: number
      readonly span: Span
    }
  | {
      readonly kind: 'intervalmatch'
      readonly field: Name
      readonly keys: readonly Name[]
      readonly span: Span
    }
  | {
      readonly kind: 'hierarchy'
      readonly node: Name
      readonly parent: Name
      readonly name: Name
      readonly parentName: Name | undefined
      readonly pathSource: Name | undefined
      readonly pathName: Name | undefined
      readonly delimiter: Name | undefined
      readonly depth: Name | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'hierarchy-belongs-to'
      readonly node: Name
      readonly parent: Name
      readonly name: Name
      readonly ancestor: Name
      readonly ancestorName: Name
      readonly depthDifference: Name | undefined
      readonly span: Span
    }
  | { readonly kind: 'first' | 'sample'; readonly amount: Fragment; readonly span: Span }

export type LoadField =
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'expression'; readonly expression: Fragment; readonly alias: Name | undefined }

export type LoadSource =
  | { readonly kind: 'from'; readonly path: Name; readonly clause: FormatClause }
  | { readonly kind: 'inline'; readonly data: Fragment; readonly clause: FormatClause }
  | { readonly kind: 'resident'; readonly table: Name }
  | { readonly kind: 'autogenerate'; readonly rows: Fragment }
  | { readonly kind: 'preceding' }

export interface LoadStatement {
  readonly kind: 'load'
  readonly label: Name | undefined
  readonly prefixes: readonly Prefix[]
  readonly distinct: boolean
  readonly fields: readonly LoadField[]
  readonly source: LoadSource
  readonly where: Fragment | undefined
  readonly while: Fragment | undefined
  readonly groupBy: readonly Fragment[]
  readonly orderBy: readonly { readonly field: Fragment; readonly descending: boolean }[]
  readonly span: Span
}

export interface Pair {
  readonly from: Name
  readonly to: Name
}

/** WHEN c / UNLESS c: the statement is carried out when the condition has the wanted outcome. */
export interface Guard {
  readonly condition: Fragment
  readonly wanted: boolean
}

export type RegularStatement =
  | LoadStatement
  | { readonly kind: 'set'; readonly name: string; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'let'
      readonly name: string
      readonly value: Fragment | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'qualify' | 'unqualify'
      readonly fields: readonly Name[]
      readonly span: Span
    }
  | { readonly kind: 'alias'; readonly pairs: readonly Pair[]; readonly span: Span }
  | {
      readonly kind: 'rename'
      readonly what: 'field' | 'table'
      readonly pairs: readonly Pair[]
      readonly using: Name | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'drop-fields'
      readonly fields: readonly Name[]
      readonly tables: readonly Name[]
      readonly span: Span
    }
  | { readonly kind: 'drop-tables'; readonly tables: readonly Name[]; readonly span: Span }
  | {
      readonly kind: 'map'
      readonly fields: readonly Name[]
      readonly using: Name
      readonly span: Span
    }
  | { readonly kind: 'unmap'; readonly fields: readonly Name[]; readonly span: Span }
  | {
      readonly kind: 'null-as-value' | 'null-as-null'
      readonly fields: readonly Name[]
      readonly span: Span
    }
  | {
      readonly kind: 'tag' | 'untag'
      readonly fields: readonly Name[]
      readonly tag: string
      readonly using: Name | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'comment'
      readonly what: 'field' | 'table'
      readonly pairs: readonly Pair[]
      readonly using: Name | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'force'
      readonly letterCase: LetterCase | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'store'
      readonly table: Name
      /** Undefined = all fields under their own names. */
      readonly fields: readonly { readonly field: Name; readonly alias: Name }[] | undefined
      readonly path: Name
      readonly clause: FormatClause
      readonly span: Span
    }
  | { readonly kind: 'loosen'; readonly tables: readonly Name[]; readonly span: Span }
  | { readonly kind: 'section'; readonly access: boolean; readonly span: Span }
  | { readonly kind: 'trace'; readonly text: string; readonly span: Span }
  | { readonly kind: 'sleep' | 'nothing'; readonly span: Span }
  | {
      readonly kind: 'exit'
      readonly what: 'script' | 'sub' | 'for' | 'do'
      readonly guard: Guard | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'call'
      readonly name: Name
      readonly arguments: readonly Fragment[]
      readonly span: Span
    }
  | { readonly kind: 'unsupported'; readonly statement: string; readonly span: Span }

export type Statement =
  | RegularStatement
  | {
      readonly kind: 'guarded'
      readonly guard: Guard
      readonly statement: RegularStatement
      readonly span: Span
    }

export type StatementOf<Kind extends RegularStatement['kind']> = Extract<
  RegularStatement,
  { readonly kind: Kind }
>
