import { it } from 'vitest'
import { expectError, expectTables } from '../run-for-tests.ts'

const places = `LOAD * INLINE [
  NodeID, ParentID, NodeName
  1, 4, London
  2, 3, Munich
  3, 5, Germany
  4, 5, UK
  5, , Europe
  8, 9, Lost
  9, 8, Circle
  ];`

it('HIERARCHY gives a field per level, and parent, path and depth where asked', () =>
  expectTables(
    `
    H: HIERARCHY (NodeID, ParentID, NodeName, ParentName, NodeName, PathName, '\\', Depth) ${places}
    `,
    `
    H: NodeID|ParentID|NodeName|NodeName1|NodeName2|NodeName3|ParentName|PathName|Depth
    1|4|London|Europe|UK|London|UK|Europe\\UK\\London|3
    2|3|Munich|Europe|Germany|Munich|Germany|Europe\\Germany\\Munich|3
    3|5|Germany|Europe|Germany|-|Europe|Europe\\Germany|2
    4|5|UK|Europe|UK|-|Europe|Europe\\UK|2
    5||Europe|Europe|-|-|-|Europe|1
    `,
  ))

it('a node with two parents is there twice; a parent that is missing makes a root', () =>
  expectTables(
    `
    H: HIERARCHY (id, up, n) LOAD * INLINE [
    id, up, n
    1, 0, a
    2, 0, b
    3, 1, c
    3, 2, c
    ];
    `,
    `
    H: id|up|n|n1|n2
    1|0|a|a|-
    2|0|b|b|-
    3|1|c|a|c
    3|2|c|b|c
    `,
  ))

it('HIERARCHYBELONGSTO gives a row per node and ancestor', () =>
  expectTables(
    `
    B: HIERARCHYBELONGSTO (NodeID, ParentID, NodeName, AncestorID, AncestorName, DepthDiff) ${places}
    `,
    `
    B: NodeID|NodeName|AncestorID|AncestorName|DepthDiff
    1|London|1|London|0
    1|London|4|UK|1
    1|London|5|Europe|2
    2|Munich|2|Munich|0
    2|Munich|3|Germany|1
    2|Munich|5|Europe|2
    3|Germany|3|Germany|0
    3|Germany|5|Europe|1
    4|UK|4|UK|0
    4|UK|5|Europe|1
    5|Europe|5|Europe|0
    `,
  ))

it('says which field is missing', () =>
  expectError(
    'HIERARCHY (id, up, n) LOAD 1 AS id, 2 AS n AUTOGENERATE 1;',
    `
    HIERARCHY: the LOAD gives no field "up"; it gives id, n
    script:1:1
    1 | HIERARCHY (id, up, n) LOAD 1 AS id, 2 AS n AUTOGENERATE 1;
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    `,
  ))
