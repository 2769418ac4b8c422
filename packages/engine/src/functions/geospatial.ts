import { formatNumber } from '../value/format-number.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { category, numberArg, type ScalarFunction } from './function.ts'

export const geospatialFunctions: readonly ScalarFunction[] = category(
  'geospatial',
  'GeospatialFunctions/geospatial-functions.htm',
  [
    {
      signature: 'GeoMakePoint(lat, lon)',
      meaning: 'point text [lon,lat]',
      min: 2,
      evaluate: (args, context) => {
        const latitude = numberArg(args, 0, context)
        const longitude = numberArg(args, 1, context)
        if (Number.isNaN(latitude) || Number.isNaN(longitude)) return null
        const text = (number: number) => formatNumber(number, null, defaultFormatSettings)
        return `[${text(longitude)},${text(latitude)}]`
      },
    },
  ],
)
