import { LichenError } from '../../base/errors.ts'
import { numberOf, type Value } from '../../value/dual.ts'
import { textOf } from '../../value/text-of.ts'
import { collectColumns } from '../collect.ts'
import type { RunState } from '../run-state.ts'
import { valuesSource } from '../sources.ts'
import type { StageSource } from '../stage.ts'
import type { Prefix } from '../statement.ts'

type HierarchyPrefix = Prefix & { readonly kind: 'hierarchy' }
type BelongsToPrefix = Prefix & { readonly kind: 'hierarchy-belongs-to' }

/** Levels beyond which a hierarchy is refused. */
const maxDepth = 1000

/** Rows of one way from a root to a node, root first, node last. */
type Way = readonly number[]

interface Nodes {
  readonly fields: readonly string[]
  readonly columns: readonly (readonly Value[])[]
  readonly names: readonly Value[]
  readonly ids: readonly Value[]
  /** Ways to every node that a root leads to, in the order of the nodes' rows. */
  readonly ways: readonly Way[]
}

/**
 * HIERARCHY: the nodes with the names on the way to them, one field per level. A node whose parent is not there is a root; a node with
 * several parents gives several rows; what no root leads to is left out.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Hierarchy.htm
 */
export async function hierarchy(
  source: StageSource,
  prefix: HierarchyPrefix,
  state: RunState,
): Promise<StageSource> {
  const nodes = await nodesOf(source, prefix, 'HIERARCHY', state)
  const { ways, names } = nodes
  const levels = ways.reduce((most, way) => Math.max(most, way.length), 0)
  const fields = [...nodes.fields]
  const columns = nodes.columns.map((column) => ways.map((way) => column[nodeOf(way)] ?? null))
  const add = (name: string, values: Value[]): void => {
    fields.push(name)
    columns.push(values)
  }
  const nameAt = (way: Way, level: number): Value => {
    const row = way[level]
    return row === undefined ? null : (names[row] ?? null)
  }
  for (let level = 0; level < levels; level++)
    add(
      `${prefix.name.text}${level + 1}`,
      ways.map((way) => nameAt(way, level)),
    )
  if (prefix.parentName !== undefined)
    add(
      prefix.parentName.text,
      ways.map((way) => nameAt(way, way.length - 2)),
    )
  if (prefix.pathName !== undefined) {
    const { settings } = state.space
    const parts =
      prefix.pathSource === undefined ? names : columnOf(nodes, prefix.pathSource.text, 'HIERARCHY')
    const delimiter = prefix.delimiter?.text ?? '/'
    add(
      prefix.pathName.text,
      ways.map((way) =>
        way.map((row) => textOf(parts[row] ?? null, settings) ?? '').join(delimiter),
      ),
    )
  }
  if (prefix.depth !== undefined)
    add(
      prefix.depth.text,
      ways.map((way) => way.length),
    )
  return valuesSource(fields, columns, ways.length)
}

/**
 * HIERARCHYBELONGSTO: a row for each node and each of its ancestors, itself among them.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/HierarchyBelongsTo.htm
 */
export async function hierarchyBelongsTo(
  source: StageSource,
  prefix: BelongsToPrefix,
  state: RunState,
): Promise<StageSource> {
  const nodes = await nodesOf(source, prefix, 'HIERARCHYBELONGSTO', state)
  const kept = nodes.fields.flatMap((field, column) =>
    field === prefix.parent.text ? [] : [column],
  )
  const seen = new Set<string>()
  const pairs = nodes.ways.flatMap((way) =>
    [...way].reverse().flatMap((ancestor, distance) => {
      const node = nodeOf(way)
      const key = `${node} ${ancestor} ${distance}`
      if (seen.has(key)) return []
      seen.add(key)
      return [{ node, ancestor, distance }]
    }),
  )
  const fields = [
    ...kept.map((column) => nodes.fields[column] ?? ''),
    prefix.ancestor.text,
    prefix.ancestorName.text,
  ]
  const columns: Value[][] = [
    ...kept.map((column) => pairs.map(({ node }) => nodes.columns[column]?.[node] ?? null)),
    pairs.map(({ ancestor }) => nodes.ids[ancestor] ?? null),
    pairs.map(({ ancestor }) => nodes.names[ancestor] ?? null),
  ]
  if (prefix.depthDifference !== undefined) {
    fields.push(prefix.depthDifference.text)
    columns.push(pairs.map(({ distance }) => distance))
  }
  return valuesSource(fields, columns, pairs.length)
}

function nodeOf(way: Way): number {
  return way[way.length - 1] ?? 0
}

async function nodesOf(
  source: StageSource,
  prefix: HierarchyPrefix | BelongsToPrefix,
  what: string,
  state: RunState,
): Promise<Nodes> {
  const columns = await collectColumns(source, state)
  const table = { fields: source.fields, columns }
  const ids = columnOf(table, prefix.node.text, what)
  const parents = columnOf(table, prefix.parent.text, what)
  return {
    ...table,
    ids,
    names: columnOf(table, prefix.name.text, what),
    ways: waysTo(ids, parents, state),
  }
}

function columnOf(
  { fields, columns }: Pick<Nodes, 'fields' | 'columns'>,
  name: string,
  what: string,
): readonly Value[] {
  const column = columns[fields.indexOf(name)]
  if (column === undefined)
    throw new LichenError(
      'field-not-found',
      `${what}: the LOAD gives no field "${name}"; it gives ${fields.join(', ')}`,
    )
  return column
}

function waysTo(ids: readonly Value[], parents: readonly Value[], state: RunState): Way[] {
  const known = new Set(ids.map(keyOf))
  const children = new Map<string, number[]>()
  const pending: Way[] = []
  for (const [row, parent] of parents.entries()) {
    const key = keyOf(parent)
    if (parent === null || !known.has(key)) pending.push([row])
    else children.set(key, [...(children.get(key) ?? []), row])
  }
  const ways: Way[] = []
  for (let way = pending.pop(); way !== undefined; way = pending.pop()) {
    ways.push(way)
    state.checkRows(ways.length, 'hierarchy')
    if (way.length > maxDepth)
      throw new LichenError(
        'budget-exceeded',
        `The hierarchy is deeper than ${maxDepth} levels; check the parents for circles`,
      )
    for (const child of children.get(keyOf(ids[nodeOf(way)] ?? null)) ?? [])
      if (!way.includes(child)) pending.push([...way, child])
  }
  return ways.sort((left, right) => nodeOf(left) - nodeOf(right))
}

function keyOf(value: Value): string {
  const number = numberOf(value)
  return Number.isNaN(number) ? JSON.stringify(value) : String(number)
}
