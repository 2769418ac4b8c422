/** A function that is no entry of a registry: the binder or the script carries it out itself. */
interface LanguageFunction {
  readonly signature: string
  readonly meaning: string
  readonly category: string
  readonly context: 'script' | 'chart' | 'set'
  /** Public page, below the chart functions unless it is a whole address. */
  readonly page: string
}

const scripting =
  'https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/'
const forEach =
  'https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Scripting/ScriptControlStatements/For%20Each.htm'

export const languageFunctions: readonly LanguageFunction[] = [
  {
    signature: 'Aggr([{Set}] [DISTINCT | NODISTINCT] expr, dim {,dim})',
    meaning: 'the values of an expression over dimensions of its own',
    category: 'aggregation',
    context: 'chart',
    page: 'aggr.htm',
  },
  ...list('SyntheticDimensionFunctions/', 'synthetic dimension', [
    ['ValueList(v1 {,v2})', 'the values given, as a dimension'],
    ['ValueLoop(from [,to [,step]])', 'the numbers of a series, as a dimension'],
  ]),
  ...list('InterRecordFunctions/', 'inter-record chart', [
    ['Above([TOTAL] expr [,offset [,count]])', 'the expression in a row above, or in several'],
    ['Below([TOTAL] expr [,offset [,count]])', 'the expression in a row below, or in several'],
    ['Top([TOTAL] expr [,offset [,count]])', 'the expression in the first row'],
    ['Bottom([TOTAL] expr [,offset [,count]])', 'the expression in the last row'],
    ['Before([TOTAL] expr [,offset [,count]])', 'the expression in a pivot column before'],
    ['After([TOTAL] expr [,offset [,count]])', 'the expression in a pivot column after'],
    ['First([TOTAL] expr [,offset [,count]])', 'the expression in the first pivot column'],
    ['Last([TOTAL] expr [,offset [,count]])', 'the expression in the last pivot column'],
    ['RowNo([TOTAL])', 'number of the row in its column segment'],
    ['ColumnNo([TOTAL])', 'number of the column in its row segment'],
    ['NoOfRows([TOTAL])', 'rows of the column segment'],
    ['NoOfColumns([TOTAL])', 'columns of the row segment'],
    ['Column(n)', 'the n-th measure of the row'],
    ['Dimensionality()', 'number of dimensions that are not totals in the row'],
    ['SecondaryDimensionality()', 'number of pivot dimensions that are not totals in the column'],
  ]),
  ...list('RankingFunctions/', 'ranking', [
    ['Rank([TOTAL] expr [,mode [,fmt]])', 'position in the column segment, the highest first'],
    ['VRank([TOTAL] expr [,mode [,fmt]])', 'the same as Rank'],
    ['HRank([TOTAL] expr [,mode [,fmt]])', 'position in the row segment of a pivot table'],
  ]),
  {
    signature: 'P([{Set}] [field])',
    meaning: 'the possible values of a field, in a set modifier',
    category: 'set element',
    context: 'set',
    page: 'SetAnalysis/set-analysis-expressions.htm',
  },
  {
    signature: 'E([{Set}] [field])',
    meaning: 'the excluded values of a field, in a set modifier',
    category: 'set element',
    context: 'set',
    page: 'SetAnalysis/set-analysis-expressions.htm',
  },
  {
    signature: "Window(expr {,partition} [,'ASC' | 'DESC', sort [,filter [,start, end]]])",
    meaning: 'an aggregation over rows around each row of the table loaded',
    category: 'window',
    context: 'script',
    page: `${scripting}WindowFunctions/Window.htm`,
  },
  {
    signature: 'WRank([mode [,fmt]])',
    meaning: 'position in a Window()',
    category: 'window',
    context: 'script',
    page: `${scripting}WindowFunctions/Window.htm`,
  },
  {
    signature: 'DirList(mask)',
    meaning: 'paths of the folders that match, in FOR EACH',
    category: 'file',
    context: 'script',
    page: forEach,
  },
  {
    signature: 'FileList(mask)',
    meaning: 'paths of the files that match, in FOR EACH',
    category: 'file',
    context: 'script',
    page: forEach,
  },
  {
    signature: "FieldValueList('field')",
    meaning: 'the values of a field loaded before, in FOR EACH',
    category: 'file',
    context: 'script',
    page: forEach,
  },
]

function list(
  folder: string,
  category: string,
  entries: readonly (readonly [signature: string, meaning: string])[],
): readonly LanguageFunction[] {
  return entries.map(([signature, meaning]) => ({
    signature,
    meaning,
    category,
    context: 'chart',
    page: `${folder}${signature.slice(0, signature.indexOf('(')).toLowerCase()}.htm`,
  }))
}
