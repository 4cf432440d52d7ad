import { nearest, type Sample } from '@im-iad/core'
import { z } from 'zod'
import type { FolderParameters } from '../parameters.ts'
import { manifestFault } from './manifest-fault.ts'
import type { RawRow } from './parse-rows.ts'

/** A row that says what its columns allow; paths are as written. */
export interface ManifestRow {
  readonly line: number
  readonly image: string
  readonly label: Sample['label']
  readonly masks: readonly string[]
  readonly split: Sample['split']
  readonly group: string | undefined
  readonly defect: string | undefined
  readonly category: string | undefined
}

const COLUMNS: readonly string[] = ['image', 'label', 'mask', 'split', 'group', 'defect', 'category']
const NORMAL: readonly string[] = ['normal', 'good', 'ok', '0']
const ANOMALOUS: readonly string[] = ['anomalous', 'abnormal', 'anomaly', 'bad', 'ng', 'defect', 'defective', '1']

/**
 * Checks all rows.
 * @throws ImIadError IM_IAD_E_DATA_MANIFEST that names the lines and columns
 */
export function checkRows(path: string, rows: readonly RawRow[], parameters: FolderParameters): readonly ManifestRow[] {
  if (rows.length === 0) throw manifestFault(path, ['it has no rows'])
  const missing = ['image', 'label'].filter((column) => rows.every((row) => !(column in row.fields)))
  if (missing.length > 0)
    throw manifestFault(path, [`it has no column ${missing.join(' and no column ')}; its columns are ${columnsOf(rows).join(', ')}`])
  const schema = rowSchema(parameters)
  const faults: string[] = []
  const checked: ManifestRow[] = []
  for (const { line, fields } of rows) {
    const result = schema.safeParse(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null)))
    if (result.success) checked.push({ line, ...result.data })
    else faults.push(...result.error.issues.map((issue) => `line ${line}, ${issue.path.join('.')}: ${issue.message}`))
  }
  if (faults.length > 0) throw manifestFault(path, faults)
  return checked
}

/** A sentence on columns that mean nothing here; none where there are none. */
export function unknownColumnWarnings(rows: readonly RawRow[]): readonly string[] {
  const unknown = columnsOf(rows).filter((column) => !COLUMNS.includes(column))
  if (unknown.length === 0) return []
  const named = unknown.map((column) => {
    const similar = nearest(column, COLUMNS)
    return similar === undefined ? column : `${column} (${similar}?)`
  })
  return [`Columns of the manifest left out: ${named.join(', ')}. Known are ${COLUMNS.join(', ')}.`]
}

function columnsOf(rows: readonly RawRow[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row.fields)))]
}

function rowSchema(parameters: FolderParameters): z.ZodType<Omit<ManifestRow, 'line'>> {
  const normal = [...NORMAL, ...parameters.normalFolders]
  const anomalous = [...ANOMALOUS, ...parameters.anomalousFolders]
  const text = z.union([z.string(), z.number()], { error: 'expected text' }).transform(String)
  const word = text.transform((value) => value.toLowerCase())
  return z
    .object({
      image: z.string({ error: 'no picture is named' }),
      label: word.transform((value, context) => {
        if (normal.includes(value)) return 'normal'
        if (anomalous.includes(value)) return 'anomalous'
        context.addIssue(`"${value}" is neither normal nor anomalous; a defect's name belongs into the column defect`)
        return z.NEVER
      }),
      mask: z
        .union([z.string().transform((value) => [value]), z.array(z.string())], { error: 'expected a path, or a list of paths' })
        .default([]),
      split: z
        .preprocess(
          (value) => (typeof value === 'string' ? value.toLowerCase().replace(/^val$/, 'validation') : value),
          z.enum(['train', 'validation', 'test'], { error: 'expected train, validation, test or nothing' }).nullable(),
        )
        .default(null),
      group: text.optional(),
      defect: text.optional(),
      category: text.optional(),
    })
    .transform(({ image, label, mask, split, group, defect, category }) => ({ image, label, masks: mask, split, group, defect, category }))
}
