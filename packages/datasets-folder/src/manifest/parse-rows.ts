import { extname } from 'node:path'
import { manifestFault } from './manifest-fault.ts'

/** A row as it was written: its line in the file, from 1, and its fields by lower-case column. */
export interface RawRow {
  readonly line: number
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Parses a manifest by its extension: `.csv` (comma, semicolon or tab, whichever the header uses), `.tsv`, or `.jsonl`/`.ndjson`.
 * @throws ImIadError IM_IAD_E_DATA_MANIFEST
 */
export async function parseRows(path: string, text: string): Promise<readonly RawRow[]> {
  const extension = extname(path).toLowerCase()
  if (extension === '.csv' || extension === '.tsv') return parseCsv(path, text)
  if (extension === '.jsonl' || extension === '.ndjson') return parseJsonLines(path, text)
  throw manifestFault(path, [`its extension is "${extension}"; .csv, .tsv, .jsonl and .ndjson are known`])
}

async function parseCsv(path: string, text: string): Promise<readonly RawRow[]> {
  const { parse } = await import('csv-parse/sync')
  try {
    const records: readonly { readonly info: { readonly lines: number }; readonly record: Readonly<Record<string, string>> }[] = parse(
      text,
      {
        bom: true,
        columns: (header: readonly string[]) => header.map(columnName),
        delimiter: delimiterOf(text),
        info: true,
        skip_empty_lines: true,
        trim: true,
      },
    )
    return records.map(({ info, record }) => ({ line: info.lines, fields: record }))
  } catch (error) {
    throw manifestFault(path, [error instanceof Error ? error.message : String(error)], error)
  }
}

function delimiterOf(text: string): string {
  const [header = ''] = text.split(/\r?\n/, 1)
  return [',', ';', '\t'].find((delimiter) => header.includes(delimiter)) ?? ','
}

function parseJsonLines(path: string, text: string): readonly RawRow[] {
  const rows: RawRow[] = []
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue
    const value = parseJson(line)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw manifestFault(path, [`line ${i + 1} is not a JSON object`])
    rows.push({ line: i + 1, fields: Object.fromEntries(Object.entries(value).map(([name, field]) => [columnName(name), field])) })
  }
  return rows
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function columnName(name: string): string {
  return name.trim().toLowerCase()
}
