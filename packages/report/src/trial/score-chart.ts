import { html, raw, type Html } from '../html/html.ts'
import type { TrialPage } from './trial-page.ts'

/** About as many, from the lowest score to the highest. */
const BINS = 36
const WIDTH = 720
/** Of each of the two rows. */
const ROW = 78
const GAP = 12

/** Two rows of bars on one axis, good above bad, each scaled by its own tallest bar, and the threshold as a line through both. */
export function scoreChart({ good, bad, threshold }: TrialPage['scores']): Html {
  const values = [...good, ...bad, threshold]
  const least = values.reduce((low, value) => Math.min(low, value))
  const most = values.reduce((high, value) => Math.max(high, value))
  const bins = binsAround(threshold, least, most)
  const rows = bad.length === 0 ? [good] : [good, bad]
  const height = rows.length * ROW + (rows.length - 1) * GAP
  const colours = ['var(--normal)', 'var(--anomalous)']
  const drawn = rows.map((row, index) => bars(countBins(row, threshold, bins), index * (ROW + GAP), colours[index] ?? '')).join('')
  const line = ((bins.below / bins.count) * WIDTH).toFixed(1)
  const label = `Scores from ${least.toPrecision(4)} to ${most.toPrecision(4)}: ${good.length} held-out good pictures${bad.length === 0 ? '' : ` above, ${bad.length} bad ones below`}; the threshold is ${threshold.toPrecision(4)}`
  const anchor = Number(line) > WIDTH * 0.75 ? 'end' : 'start'
  const aside = anchor === 'end' ? -5 : 5
  return html`<svg viewBox="0 -16 ${WIDTH} ${height + 36}" role="img" aria-label="${label}" width="100%" style="max-width:${WIDTH}px">
      ${raw(drawn)}
      <line x1="0" y1="${ROW}" x2="${WIDTH}" y2="${ROW}" stroke="var(--line)" />
      <line x1="0" y1="${height}" x2="${WIDTH}" y2="${height}" stroke="var(--line)" />
      <line x1="${line}" y1="-14" x2="${line}" y2="${height}" stroke="var(--ink)" stroke-width="1.5" stroke-dasharray="4 3" />
      <text x="${Number(line) + aside}" y="-4" text-anchor="${anchor}">threshold ${threshold.toPrecision(4)}</text>
      <text x="0" y="${height + 15}">${least.toPrecision(3)}</text>
      <text x="${WIDTH}" y="${height + 15}" text-anchor="end">${most.toPrecision(3)}</text>
    </svg>
    <p class="keys">
      <span class="key" style="--swatch:var(--normal)">${good.length} held-out good pictures</span>
      ${bad.length === 0 ? html`` : html`<span class="key" style="--swatch:var(--anomalous)">${bad.length} bad pictures</span>`}
    </p>`
}

interface Bins {
  readonly width: number
  readonly count: number
  /** How many of them lie below the threshold. */
  readonly below: number
}

/** The threshold is an edge: a good picture right at it passes, and must not be drawn beyond the line. */
function binsAround(threshold: number, least: number, most: number): Bins {
  const width = most > least ? (most - least) / BINS : 1
  const below = Math.max(1, Math.ceil((threshold - least) / width))
  return { width, below, count: below + Math.ceil((most - threshold) / width) }
}

/** A value on an edge counts below it. */
function countBins(values: readonly number[], threshold: number, { width, below, count }: Bins): readonly number[] {
  const counts = Array.from({ length: count }, () => 0)
  for (const value of values) {
    const bin = Math.min(count - 1, Math.max(0, below + Math.ceil((value - threshold) / width) - 1))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

/** Numbers only, so nothing has to be escaped. */
function bars(counts: readonly number[], top: number, colour: string): string {
  const highest = Math.max(1, ...counts)
  const width = WIDTH / counts.length
  return counts
    .map((count, bin) => {
      const height = (count / highest) * ROW
      return count === 0
        ? ''
        : `<rect x="${(bin * width + 0.5).toFixed(1)}" y="${(top + ROW - height).toFixed(1)}" width="${(width - 1).toFixed(1)}" height="${height.toFixed(1)}" fill="${colour}"/>`
    })
    .join('')
}
