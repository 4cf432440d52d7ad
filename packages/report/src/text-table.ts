import stringWidth from 'string-width'

/** A plain table: columns aligned, numbers to the right, a rule below the header. */
export function renderRows(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ''))))
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => /^[-–+]?[\d.,±% ]*$/.test(row[column] ?? '')))
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? ''
        const space = ' '.repeat(width - stringWidth(cell))
        return numeric[column] === true ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}
