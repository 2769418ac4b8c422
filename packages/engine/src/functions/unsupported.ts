/** What functions need that is not here, and the functions that need it. */
const reasons: readonly (readonly [reason: string, names: readonly string[]])[] = [
  [
    'it runs a script in an analytic connection, and there are none',
    [
      'ScriptEval',
      'ScriptEvalStr',
      'ScriptAggr',
      'ScriptAggrStr',
      'ScriptEvalEx',
      'ScriptEvalExStr',
      'ScriptAggrEx',
      'ScriptAggrExStr',
    ],
  ],
  ['it opens a dialog of QlikView, and a reload here waits for nobody', ['MsgBox', 'Input']],
  ['it asks for input fields of QlikView, and there are none', ['InputAvg', 'InputSum']],
  [
    'it asks for reports of QlikView, and there are none',
    ['NoOfReports', 'ReportComment', 'ReportId', 'ReportName', 'ReportNumber'],
  ],
  [
    'it asks for the sheet a client shows, which the engine does not know',
    ['GetActiveSheetId', 'GetExtendedProperty'],
  ],
  [
    'the palette belongs to the chart of a client. Name the color, or give its parts to RGB()',
    ['Color'],
  ],
  [
    'a text does not keep the bytes it was read from. Say the code page where the file is read: (codepage is …)',
    ['ApplyCodepage'],
  ],
  [
    'it asks for the object of a client around it, which the engine does not know; GetObjectField(), GetObjectDimension() and GetObjectMeasure() name what a chart is made of',
    ['ObjectId', 'InObject'],
  ],
  ['it asks for a cyclic group by name, as QlikView has them', ['GetCurrentField']],
  ['it reads tags inside media files, which no reader here does', ['Attribute']],
  [
    'it works on random samples by a method that is not documented. Correl() and Chi2Test_p() tell how fields relate',
    ['MutualInfo'],
  ],
  [
    'it groups the rows of a chart into clusters, which is not built yet',
    ['KMeans2D', 'KMeansND', 'KMeansCentroid2D', 'KMeansCentroidND'],
  ],
  [
    'it takes apart the series that the rows of a chart make, which is not built yet',
    ['STL_Trend', 'STL_Seasonal', 'STL_Residual'],
  ],
  ['no public page says what it gives', ['GetDataModelHash']],
]

/** Known functions that are not carried out, in lower case, with the reason. */
export const unsupportedFunctions: ReadonlyMap<
  string,
  { readonly name: string; readonly reason: string }
> = new Map(
  reasons.flatMap(([reason, names]) =>
    names.map((name) => [name.toLowerCase(), { name, reason }] as const),
  ),
)
