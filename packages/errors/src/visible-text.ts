/**
 * Unicode's categories of what can't be seen: control characters (a terminal obeys them), format characters (directional overrides, marks, zero widths, tags:
 * they make text look like other text), line and paragraph separators, halves of surrogate pairs.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Tab and line feed, and the joiners that scripts and emoji need. */
const HARMLESS: readonly string[] = ['\t', '\n', '\u200C', '\u200D']

/**
 * Text from outside (file names, plugins, records, other programs) made fit to be shown: what can't be seen, or would steer a terminal or the direction of
 * reading, is written out as `\u202e`. In a JSON document that is the same text.
 */
export function visibleText(text: string): string {
  return text.replaceAll(INVISIBLE, writtenOut)
}

/** The same for text that has to stay in one line: line breaks and tabs are written out as well. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll(/[\t\n]/g, (character) => (character === '\n' ? '\\n' : '\\t'))
}

function writtenOut(character: string): string {
  if (HARMLESS.includes(character)) return character
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
