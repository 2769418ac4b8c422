import { Dual, type Value } from '../value/dual.ts'
import {
  absent,
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  type ScalarFunction,
} from './function.ts'

interface Color {
  readonly alpha: number
  readonly red: number
  readonly green: number
  readonly blue: number
}

const opaque = 255

/** A colour as a dual: the number is 0xAARRGGBB. NULL for a part outside 0 … 255. */
function colorValue(color: Color, withAlpha: boolean): Value {
  const parts = [color.alpha, color.red, color.green, color.blue].map((part) => Math.round(part))
  if (!parts.every((part) => part >= 0 && part <= 255)) return null
  const number = parts.reduce((sum, part) => sum * 256 + part, 0)
  return new Dual(
    withAlpha ? `ARGB(${parts.join(',')})` : `RGB(${parts.slice(1).join(',')})`,
    number,
  )
}

function colorOf(number: number): Color {
  return {
    alpha: Math.floor(number / 2 ** 24) % 256,
    red: Math.floor(number / 65536) % 256,
    green: Math.floor(number / 256) % 256,
    blue: number % 256,
  }
}

function blend(from: Color, to: Color, share: number): Value {
  const mix = (a: number, b: number) => a + (b - a) * share
  return colorValue(
    {
      alpha: mix(from.alpha, to.alpha),
      red: mix(from.red, to.red),
      green: mix(from.green, to.green),
      blue: mix(from.blue, to.blue),
    },
    true,
  )
}

function colorMix1(args: readonly Value[], context: FunctionContext): Value {
  const [share = Number.NaN, from = Number.NaN, to = Number.NaN] = [0, 1, 2].map((index) =>
    numberArg(args, index, context),
  )
  if (!(share >= 0 && share <= 1) || Number.isNaN(from + to)) return null
  return blend(colorOf(from), colorOf(to), share)
}

function colorMix2(args: readonly Value[], context: FunctionContext): Value {
  const share = numberArg(args, 0, context)
  const minus = numberArg(args, 1, context)
  const plus = numberArg(args, 2, context)
  if (!(share >= -1 && share <= 1) || Number.isNaN(minus + plus)) return null
  if (args.length < 4) return blend(colorOf(minus), colorOf(plus), (share + 1) / 2)
  const zero = numberArg(args, 3, context)
  if (Number.isNaN(zero)) return null
  return blend(colorOf(zero), colorOf(share < 0 ? minus : plus), Math.abs(share))
}

/** Hue, saturation and lightness between 0 and 1. Source: https://www.w3.org/TR/css-color-3/#hsl-color */
function hsl(hue: number, saturation: number, light: number, withAlpha: boolean): Value {
  if (![hue, saturation, light].every((part) => part >= 0 && part <= 1)) return null
  const upper = light <= 0.5 ? light * (saturation + 1) : light + saturation - light * saturation
  const lower = light * 2 - upper
  const channel = (shift: number) => {
    const turn = (((hue + shift) % 1) + 1) % 1
    if (turn * 6 < 1) return lower + (upper - lower) * turn * 6
    if (turn * 2 < 1) return upper
    return turn * 3 < 2 ? lower + (upper - lower) * (2 / 3 - turn) * 6 : lower
  }
  return colorValue(
    {
      alpha: opaque,
      red: channel(1 / 3) * 255,
      green: channel(0) * 255,
      blue: channel(-1 / 3) * 255,
    },
    withAlpha,
  )
}

/** Dark blue, blue, cyan, yellow, red and dark red for 0 … 1. Source: https://www.mathworks.com/help/matlab/ref/jet.html */
function jet(share: number): Value {
  if (!(share >= 0 && share <= 1)) return null
  const channel = (peak: number) =>
    Math.min(1, Math.max(0, 1.5 - Math.abs(share * 4 - peak))) * opaque
  return colorValue({ alpha: opaque, red: channel(3), green: channel(2), blue: channel(1) }, true)
}

const named: readonly (readonly [string, number, number, number])[] = [
  ['Black', 0, 0, 0],
  ['Blue', 0, 0, 128],
  ['Brown', 128, 128, 0],
  ['Cyan', 0, 128, 128],
  ['DarkGray', 128, 128, 128],
  ['Green', 0, 128, 0],
  ['LightBlue', 0, 0, 255],
  ['LightCyan', 0, 255, 255],
  ['LightGray', 192, 192, 192],
  ['LightGreen', 0, 255, 0],
  ['LightMagenta', 255, 0, 255],
  ['LightRed', 255, 0, 0],
  ['Magenta', 128, 0, 128],
  ['QlikTechBlue', 8, 18, 90],
  ['QlikTechGray', 158, 148, 137],
  ['Red', 128, 0, 0],
  ['White', 255, 255, 255],
  ['Yellow', 255, 255, 0],
]

function namedColor([name, red, green, blue]: (typeof named)[number]): Definition {
  return {
    signature: `${name}([alpha])`,
    meaning: `named color RGB(${red},${green},${blue}), ARGB when alpha is given`,
    min: 0,
    max: 1,
    evaluate: (args, context) =>
      args.length === 0
        ? colorValue({ alpha: opaque, red, green, blue }, false)
        : colorValue({ alpha: numberArg(args, 0, context), red, green, blue }, true),
  }
}

export const colorFunctions: readonly ScalarFunction[] = category(
  'color',
  'ColorFunctions/color-functions.htm',
  [
    {
      signature: 'RGB(r, g, b)',
      meaning: 'dual color, alpha 255',
      min: 3,
      evaluate: (args, context) =>
        colorValue(
          {
            alpha: opaque,
            red: numberArg(args, 0, context),
            green: numberArg(args, 1, context),
            blue: numberArg(args, 2, context),
          },
          false,
        ),
    },
    {
      signature: 'ARGB(alpha, r, g, b)',
      meaning: 'dual color with alpha, number = AARRGGBB',
      min: 4,
      evaluate: (args, context) =>
        colorValue(
          {
            alpha: numberArg(args, 0, context),
            red: numberArg(args, 1, context),
            green: numberArg(args, 2, context),
            blue: numberArg(args, 3, context),
          },
          true,
        ),
    },
    {
      signature: 'HSL(h, s, l)',
      meaning: 'dual color of hue, saturation and lightness, each 0 to 1',
      min: 3,
      evaluate: (args, context) =>
        hsl(
          numberArg(args, 0, context),
          numberArg(args, 1, context),
          numberArg(args, 2, context),
          false,
        ),
    },
    {
      signature: 'ColorMix1(value, zero_color, one_color)',
      meaning: 'linear blend for value 0..1',
      min: 3,
      evaluate: colorMix1,
    },
    {
      signature: 'ColorMix2(value, minus_color, plus_color [,zero_color])',
      meaning: 'blend for value -1..1',
      min: 3,
      max: 4,
      evaluate: colorMix2,
    },
    {
      signature: 'ColorMapHue(x)',
      meaning:
        'full color of hue x: red, yellow, green, cyan, blue, magenta and red again for 0..1',
      evaluate: (args, context) => hsl(numberArg(args, 0, context), 1, 0.5, true),
    },
    {
      signature: 'ColorMapJet(x)',
      meaning: 'color of a table from blue through cyan, yellow and orange to red for 0..1',
      evaluate: (args, context) => jet(numberArg(args, 0, context)),
    },
    absent('SysColor(n)', 'Windows system color', 1),
    ...named.map(namedColor),
  ],
)
