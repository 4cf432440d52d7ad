import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { html, raw, type Html } from './html.ts'
import { isOwnFile } from './own-file.ts'

/** One tested picture. */
interface Score {
  readonly anomalous: boolean
  readonly value: number
}

const BINS = 40
const WIDTH = 640
const HEIGHT = 120

/** The distribution of scores of normal and anomalous pictures, from scores.csv of an experiment (after its last task, where there are several); a sentence where there is none. */
export async function scoreHistogram(experimentFolder: string): Promise<Html> {
  const scores = await readScores(join(experimentFolder, 'scores.csv'))
  if (scores.length === 0) return html`<p class="soft">No scores are kept for this experiment.</p>`
  const values = scores.map((score) => score.value)
  // Not Math.min(...values): there may be more of them than a call takes arguments.
  const least = values.reduce((lowest, value) => Math.min(lowest, value), Infinity)
  const most = values.reduce((highest, value) => Math.max(highest, value), -Infinity)
  const normal = countBins(
    scores.filter((score) => !score.anomalous),
    least,
    most,
  )
  const anomalous = countBins(
    scores.filter((score) => score.anomalous),
    least,
    most,
  )
  const tallest = Math.max(...normal, ...anomalous)
  const label = `Scores from ${least.toPrecision(4)} to ${most.toPrecision(4)} of ${scores.filter((score) => !score.anomalous).length} normal and ${scores.filter((score) => score.anomalous).length} anomalous pictures`
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT + 18}" role="img" aria-label="${label}" width="100%" style="max-width:${WIDTH}px">
      ${raw(bars(normal, tallest, 'var(--normal)'))}${raw(bars(anomalous, tallest, 'var(--anomalous)'))}
      <text x="0" y="${HEIGHT + 14}">${least.toPrecision(3)}</text>
      <text x="${WIDTH}" y="${HEIGHT + 14}" text-anchor="end">${most.toPrecision(3)}</text>
    </svg>
    <p class="keys">
      <span class="key" style="--swatch:var(--normal)">normal</span><span class="key" style="--swatch:var(--anomalous)">anomalous</span>
    </p>`
}

async function readScores(file: string): Promise<readonly Score[]> {
  if (!(await isOwnFile(file))) return []
  const rows = parseRows(await readFile(file, 'utf8'))
  const last = rows.at(-1)?.['after_task']
  return rows
    .filter((row) => row['after_task'] === last)
    .map((row) => ({ anomalous: row['label'] === 'anomalous', value: Number(row['score']) }))
    .filter((score) => Number.isFinite(score.value))
}

/** Rows of a damaged table, or one that is none, count as no scores. */
function parseRows(text: string): readonly Readonly<Record<string, string>>[] {
  try {
    return parse(text, { columns: true, skip_empty_lines: true, relax_column_count: true })
  } catch {
    return []
  }
}

function countBins(scores: readonly Score[], least: number, most: number): readonly number[] {
  const counts = Array.from({ length: BINS }, () => 0)
  for (const { value } of scores) {
    const bin = most === least ? 0 : Math.min(BINS - 1, Math.floor(((value - least) / (most - least)) * BINS))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

/** Numbers only, so nothing has to be escaped. */
function bars(counts: readonly number[], highest: number, colour: string): string {
  const width = WIDTH / BINS
  return counts
    .map((count, bin) => {
      const height = highest === 0 ? 0 : (count / highest) * HEIGHT
      return count === 0
        ? ''
        : `<rect x="${(bin * width).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(width - 1).toFixed(1)}" height="${height.toFixed(1)}" fill="${colour}" fill-opacity=".65"/>`
    })
    .join('')
}
