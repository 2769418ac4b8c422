const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Clauses that end with their line as well as with a semicolon. */
export const controlWords: ReadonlySet<string> = set(
  'SUB CALL FOR NEXT DO LOOP IF ELSEIF ELSE END ENDIF ENDSUB ENDSWITCH SWITCH CASE DEFAULT EXIT',
)

/** Words that may stand before LOAD. */
export const prefixWords: ReadonlySet<string> = set(
  'ADD BUFFER CONCATENATE CROSSTABLE FIRST GENERIC HIERARCHY HIERARCHYBELONGSTO INNER INTERVALMATCH JOIN KEEP LEFT MAPPING MERGE NOCONCATENATE ONLY OUTER REPLACE RIGHT SAMPLE SEMANTIC UNLESS WHEN',
)

/** Words that begin a regular statement. */
export const statementWords: ReadonlySet<string> = set(
  'ALIAS AUTONUMBER BINARY COMMENT CONNECT CUSTOM DECLARE DERIVE DIRECT DIRECTORY DISCONNECT DROP EXECUTE FLUSHLOG FORCE INFO LET LIB LOAD LOOSEN MAP NULLASNULL NULLASVALUE ODBC OLEDB QUALIFY REM RENAME SEARCH SECTION SELECT SET SLEEP SQL SQLCOLUMNS SQLTABLES SQLTYPES STAR STORE TAG TRACE UNMAP UNQUALIFY UNTAG',
)

export const loadClauses: ReadonlySet<string> = set(
  'AS ASC AUTOGENERATE BY DESC DISTINCT EXTENSION FROM FROM_FIELD GROUP INLINE ORDER RESIDENT WHERE WHILE',
)

/** Words within control clauses. */
export const controlClauses: ReadonlySet<string> = set(
  'DO EACH FOR IF IN SCRIPT STEP SUB SWITCH THEN TO UNLESS UNTIL WHEN WHILE',
)

/** Words within the other statements. */
export const statementClauses: ReadonlySet<string> = set(
  'ACCESS APPLICATION AS CAPITALIZATION CASE CONNECT FIELD FIELDS FROM INTO IS LOWER MIXED ON SEARCH SELECT TABLE TABLES TO UPPER USING WITH',
)

export const sqlWords: ReadonlySet<string> = set(
  'ALL AND AS ASC BETWEEN BY CASE CROSS DESC DISTINCT ELSE END EXISTS FETCH FROM FULL GROUP HAVING IN INNER INTO IS JOIN LEFT LIKE LIMIT NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION RIGHT SELECT THEN TOP UNION USING VALUES WHEN WHERE WITH',
)

export const operatorWords: ReadonlySet<string> = set(
  'AND BITAND BITNOT BITOR BITXOR FOLLOWS LIKE NOT OR PRECEDES XOR',
)

/** What a name is that follows the keyword, until the next keyword. */
export const roleAfter: Readonly<Record<string, Role>> = {
  LET: 'variable',
  SET: 'variable',
  FOR: 'variable',
  EACH: 'variable',
  NEXT: 'variable',
  SUB: 'sub',
  CALL: 'sub',
  AS: 'alias',
  RESIDENT: 'table',
  TABLE: 'table',
  TABLES: 'table',
  JOIN: 'table',
  KEEP: 'table',
  CONCATENATE: 'table',
  STORE: 'table',
  USING: 'table',
  INTO: 'path',
  BINARY: 'path',
  DIRECTORY: 'path',
}

/** `format` is the description of a file in parentheses behind its path. */
export type Role = '' | 'variable' | 'sub' | 'alias' | 'table' | 'path' | 'format'
