import { visibleLine } from '@im-iad/core'
import stringWidth from 'string-width'

/** A plain table: columns aligned, numbers to the right, a rule below the header. Cells are shown with nothing that breaks a line or steers a terminal. */
export function renderRows(titles: readonly string[], cells: readonly (readonly string[])[]): string {
  const header = titles.map(visibleLine)
  const rows = cells.map((row) => row.map(visibleLine))
  const widths = header.map((title, column) => Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ''))))
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => /^[-–+]?[\d.,±% ]*$/.test(row[column] ?? '')))
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? ''
        const space = ' '.repeat(width - stringWidth(cell))
        return numeric[column] === true ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}
