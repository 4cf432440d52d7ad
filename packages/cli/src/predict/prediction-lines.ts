import type { ScoredPicture } from '@im-iad/predict'
import { stringify } from 'csv-stringify/sync'

/** Turns scored pictures into lines of output. */
export interface PredictionFormat {
  /** What goes before the first line, with its line end; may be empty. */
  readonly header: string
  /** One line with its end. Scores have all digits, so that comparing them with the threshold gives the same decision. */
  readonly line: (scored: ScoredPicture, heatMap: string | null) => string
}

const csv: PredictionFormat = {
  header: 'path,score,decision\n',
  line: (scored) =>
    stringify([scored.kind === 'scored' ? [scored.path, String(scored.score), scored.decision] : [scored.path, '', 'unreadable']]),
}

const jsonl: PredictionFormat = {
  header: '',
  line: (scored, heatMap) =>
    `${JSON.stringify(
      scored.kind === 'scored'
        ? { path: scored.path, score: scored.score, decision: scored.decision, ...(heatMap === null ? {} : { heatMap }) }
        : { path: scored.path, score: null, decision: 'unreadable', reason: scored.reason },
    )}\n`,
}

export const PREDICTION_FORMATS: Readonly<Record<'csv' | 'jsonl', PredictionFormat>> = { csv, jsonl }
