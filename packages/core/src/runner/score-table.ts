import type { Label } from '../contracts/sample.ts'

export interface ScoreRow {
  readonly afterTask: string
  readonly task: string
  readonly sample: string
  readonly label: Label
  readonly defect: string
  readonly score: number
}

/** scores.csv: `sample,task,after_task,label,defect,score`, RFC 4180; scores in the shortest form that reads back as the same number. */
export function scoreTable(rows: readonly ScoreRow[]): string {
  const lines = rows.map((row) => [row.sample, row.task, row.afterTask, row.label, row.defect, String(row.score)].map(quote).join(','))
  return ['sample,task,after_task,label,defect,score', ...lines, ''].join('\n')
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
