import type { Span } from '../base/errors.ts'
import type { Catalogue, ConnectionKind } from './connection.ts'
import type { FieldStatement, HostStatement } from './field-statement.ts'
import type { Fragment, Name } from './fragment.ts'
import type { FormatClause } from './reader.ts'

export type { Fragment, Name } from './fragment.ts'

/** What FORCE makes of field names and values. */
export type LetterCase = 'upper' | 'lower' | 'capitalized'

export type JoinSide = 'outer' | 'inner' | 'left' | 'right'

/** What makes a statement part of a partial reload; `only` of no other. */
export type PartialPrefix =
  | { readonly kind: 'add' | 'replace'; readonly only: boolean; readonly span: Span }
  | {
      readonly kind: 'merge'
      readonly only: boolean
      readonly sequence: Name | undefined
      /** Gets the largest sequence number. */
      readonly variable: Name | undefined
      readonly keys: readonly Name[]
      readonly span: Span
    }

export type Prefix =
  | {
      readonly kind: 'join' | 'keep'
      readonly side: JoinSide
      readonly table: Name | undefined
      readonly span: Span
    }
  | { readonly kind: 'concatenate'; readonly table: Name | undefined; readonly span: Span }
  | { readonly kind: 'noconcatenate' | 'mapping' | 'generic'; readonly span: Span }
  | PartialPrefix
  | {
      readonly kind: 'buffer'
      readonly incremental: boolean
      /** Days after which what is kept is loaded anew; undefined for never. */
      readonly staleAfter: number | undefined
      readonly span: Span
    }
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
  | {
      readonly kind: 'sql'
      /** A statement in the language of the connection, or a list of what it has. */
      readonly what: 'query' | Catalogue
      readonly text: Fragment
    }
  | {
      readonly kind: 'from-field'
      readonly table: Name
      readonly field: Name
      readonly clause: FormatClause
    }
  /** A function of a server beside the engine, which there is none of. */
  | { readonly kind: 'extension'; readonly span: Span }
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
      readonly prefix: PartialPrefix | undefined
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
  | {
      readonly kind: 'connect'
      readonly connection: ConnectionKind
      readonly name: Name
      readonly span: Span
    }
  | { readonly kind: 'disconnect'; readonly span: Span }
  | { readonly kind: 'binary'; readonly path: Name | undefined; readonly span: Span }
  | { readonly kind: 'trace'; readonly text: string; readonly span: Span }
  | { readonly kind: 'nothing'; readonly span: Span }
  | FieldStatement
  | HostStatement
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
