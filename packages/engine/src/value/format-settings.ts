/**
 * The format variables of a script (`SET DateFormat=…`), as values. Names follow the script variables.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/number-interpretation-variables.htm
 */
export interface FormatSettings {
  readonly thousandSep: string
  readonly decimalSep: string
  readonly moneyThousandSep: string
  readonly moneyDecimalSep: string
  readonly moneyFormat: string
  readonly timeFormat: string
  readonly dateFormat: string
  readonly timestampFormat: string
  /** Twelve names each. */
  readonly monthNames: readonly string[]
  readonly longMonthNames: readonly string[]
  /** Seven names each, Monday first. */
  readonly dayNames: readonly string[]
  readonly longDayNames: readonly string[]
  /** 0 = Monday … 6 = Sunday. */
  readonly firstWeekDay: number
  readonly brokenWeeks: boolean
  /** The day of January that is always in week 1. */
  readonly referenceDay: number
  /** 1 … 12. */
  readonly firstMonthOfYear: number
  readonly collationLocale: string
  readonly numericalAbbreviation: string
}

/** What a new script starts with; ISO dates so that nothing depends on a region. */
export const defaultFormatSettings: FormatSettings = {
  thousandSep: ',',
  decimalSep: '.',
  moneyThousandSep: ',',
  moneyDecimalSep: '.',
  moneyFormat: '$#,##0.00;-$#,##0.00',
  timeFormat: 'hh:mm:ss',
  dateFormat: 'YYYY-MM-DD',
  timestampFormat: 'YYYY-MM-DD hh:mm:ss[.fff]',
  monthNames: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  longMonthNames: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  dayNames: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  longDayNames: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  firstWeekDay: 0,
  brokenWeeks: false,
  referenceDay: 4,
  firstMonthOfYear: 1,
  collationLocale: '',
  numericalAbbreviation:
    '3:k;6:M;9:G;12:T;15:P;18:E;21:Z;24:Y;-3:m;-6:μ;-9:n;-12:p;-15:f;-18:a;-21:z;-24:y',
}
