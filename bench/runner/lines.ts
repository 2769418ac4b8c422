/** Points by rising x; both numbers are above 0. */
export interface Line {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface LineChart {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly lines: readonly Line[]
}

const width = 640
const height = 420
const margin = { left: 64, right: 24, top: 44, bottom: 84 }
const inks = ['#177245', '#c98a1b', '#7a3b2e', '#355f8d']

/** An SVG of lines over two logarithmic axes, on which proportional growth is a straight line of slope 1. */
export function drawLines({ title, x, y, lines }: LineChart): string {
  const all = lines.flatMap(({ points }) => points)
  const across = scale(
    all.map(([at]) => at),
    margin.left,
    width - margin.right,
  )
  const up = scale(
    all.map(([, at]) => at),
    height - margin.bottom,
    margin.top,
  )
  const label = (left: number, top: number, text: string, anchor: string): string =>
    `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}">${text}</text>`
  const ticksAcross = across.ticks.map(
    (at) =>
      `<line x1="${across.place(at)}" x2="${across.place(at)}" y1="${margin.top}" y2="${height - margin.bottom}"/>` +
      label(across.place(at), height - margin.bottom + 18, shown(at), 'middle'),
  )
  const ticksUp = up.ticks.map(
    (at) =>
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${up.place(at)}" y2="${up.place(at)}"/>` +
      label(margin.left - 8, up.place(at) + 4, shown(at), 'end'),
  )
  const curves = lines.map(({ name, points }, at) => {
    const ink = inks[at % inks.length]
    const path = points.map(
      ([px, py]) => `${across.place(px).toFixed(1)},${up.place(py).toFixed(1)}`,
    )
    const dots = path.map((place) => {
      const [cx, cy] = place.split(',')
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${ink}"/>`
    })
    const top = height - margin.bottom + 44 + at * 18
    return [
      `<polyline points="${path.join(' ')}" fill="none" stroke="${ink}" stroke-width="2"/>`,
      ...dots,
      `<rect x="${margin.left}" y="${top - 9}" width="10" height="10" fill="${ink}"/>`,
      label(margin.left + 16, top, name, 'start'),
    ].join('')
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin.left}" y="24" font-size="15" font-weight="bold">${title}</text>`,
    `<g stroke="#ddd">${[...ticksAcross, ...ticksUp].join('').replaceAll('<text', '<text stroke="none"')}</g>`,
    label(width - margin.right, height - margin.bottom + 34, x, 'end'),
    label(margin.left - 8, margin.top - 8, y, 'end'),
    ...curves,
    '</svg>\n',
  ].join('\n')
}

interface Scale {
  readonly ticks: readonly number[]
  place(value: number): number
}

/** Logarithmic from the power of two at or below the least to the one at or above the largest, a tick at each other power at most. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log2(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log2(Math.max(...values))))
  const step = Math.ceil((high - low) / 8)
  const ticks: number[] = []
  for (let power = low; power <= high; power += step) ticks.push(2 ** power)
  return {
    ticks,
    place: (value) => from + ((Math.log2(value) - low) / (high - low)) * (to - from),
  }
}

function shown(value: number): string {
  if (value >= 1e6) return `${(value / 2 ** 20).toFixed(0)} Mi`
  if (value >= 1e3) return `${(value / 2 ** 10).toFixed(0)} Ki`
  return value >= 1 ? String(value) : value.toFixed(3).replace(/0+$/, '')
}
