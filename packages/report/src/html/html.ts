import { visibleText } from '@im-iad/core'

/** A piece of finished HTML; only {@link html} and {@link raw} make one. */
export interface Html {
  readonly markup: string
}

type Part = Html | string | number | readonly Html[]

/**
 * Builds HTML; everything put in is escaped unless it is HTML itself, and invisible characters are written out. The result is safe in text and in double-quoted attributes, whatever file names,
 * plugins and records hold.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.reduce((built, text, index) => built + text + (index < parts.length ? render(parts[index] ?? '') : ''), '')
  return { markup }
}

/** Text that is HTML already: the page's own style and script. Never anything from outside. */
export function raw(markup: string): Html {
  return { markup }
}

function render(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return 'markup' in part ? part.markup : part.map((each) => each.markup).join('')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return visibleText(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
