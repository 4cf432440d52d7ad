/** Where text begins beside its label. */
const INDENT = 11
/** Longer lines are hard to read even where the terminal is wider. */
const WIDEST = 100
/** Narrower ones can't hold a label and words beside it. */
const NARROWEST = 40

/** How long a line may be: as the terminal has it; no limit where the output is a file or another program. */
export function lineWidth({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return isTTY === true ? Math.min(WIDEST, Math.max(NARROWEST, columns ?? 80)) : Number.POSITIVE_INFINITY
}

/** Text beside a label, broken between words; further lines stand below the first. A word that is too long, such as a path, is never broken: it has to be copied. */
export function labelled(label: string, text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || INDENT + longer.length <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].map((each, index) => `${(index === 0 ? label : '').padEnd(INDENT)}${each}`).join('\n')
}
