import type { JsonObject } from '../app/document.ts'
import { defaultState } from '../selection/state-set.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { present } from './json.ts'
import type { OpenApp } from './open-app.ts'

/** NxAppLayout. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-nxapplayout.htm */
export function appLayout({ document, session }: OpenApp, isSessionApp: boolean): JsonObject {
  const { view } = session
  return {
    qTitle: document.title,
    qFileName: document.id,
    ...present({
      qLastReloadTime: document.lastReload === undefined ? undefined : isoTime(document.lastReload),
    }),
    qModified: false,
    qHasScript: document.script.trim() !== '',
    qHasData: view.tables.some(({ rows }) => rows > 0),
    qStateNames: session.states.filter((state) => state !== defaultState),
    qMeta: { privileges: ['read', 'update', 'delete', 'reload', 'exportdata'] },
    qLocaleInfo: localeInfo(view.settings),
    qThumbnail: {},
    qIsSessionApp: isSessionApp,
    qIsDirectQueryMode: false,
  }
}

/** LocaleInfo. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-localeinfo.htm */
export function localeInfo(settings: FormatSettings): JsonObject {
  return {
    qDecimalSep: settings.decimalSep,
    qThousandSep: settings.thousandSep,
    qListSep: settings.decimalSep === ',' ? ';' : ',',
    qMoneyDecimalSep: settings.moneyDecimalSep,
    qMoneyThousandSep: settings.moneyThousandSep,
    qMoneyFmt: settings.moneyFormat,
    qDateFmt: settings.dateFormat,
    qTimeFmt: settings.timeFormat,
    qTimestampFmt: settings.timestampFormat,
    qCurrentYear: new Date().getFullYear(),
    qFirstWeekDay: settings.firstWeekDay,
    qBrokenWeeks: settings.brokenWeeks,
    qReferenceDay: settings.referenceDay,
    qFirstMonthOfYear: settings.firstMonthOfYear,
    qCollation: settings.collationLocale,
    qNumericalAbbreviation: settings.numericalAbbreviation,
    qCalendarStrings: {
      qDayNames: settings.dayNames,
      qMonthNames: settings.monthNames,
      qLongDayNames: settings.longDayNames,
      qLongMonthNames: settings.longMonthNames,
    },
  }
}

/** Serial days as ISO 8601. */
function isoTime(serial: number): string {
  return new Date(Math.round((serial - 25_569) * 86_400_000)).toISOString()
}
