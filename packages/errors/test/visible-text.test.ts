import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleLine, visibleText } from '../src/index.ts'

describe('visibleText', () => {
  it.each([
    ['a terminal escape', '\u001B[2J\u001B]0;title\u0007', '\\u001b[2J\\u001b]0;title\\u0007'],
    ['an 8-bit escape', '\u009B31m', '\\u009b31m'],
    ['a carriage return', 'good\rbad', 'good\\u000dbad'],
    ['a directional override', 'gnp\u202Eexe', 'gnp\\u202eexe'],
    ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['an invisible character', 'a\u200Bb\uFEFFc', 'a\\u200bb\\ufeffc'],
    ['hidden tags', 'a\u{E0041}', 'a\\udb40\\udc41'],
    ['half a pair', '\uD83D', '\\ud83d'],
  ])('writes out %s', (_name, text, shown) => expect(visibleText(text)).toBe(shown))

  it.each(['plain', 'Kratzer über Öl', '傷', '👩‍🔬', 'a\nb\tc', 'نص', '✓ ±'])('leaves %j alone', (text) =>
    expect(visibleText(text)).toBe(text),
  )

  it('means the same in a JSON document', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleText(JSON.stringify({ text }))
        expect(JSON.parse(shown)).toEqual({ text })
        expect(visibleText(shown)).toBe(shown)
      }),
    )
  })
})

describe('visibleLine', () => {
  it('stays one line', () => expect(visibleLine('a\n\tb\r\n')).toBe('a\\n\\tb\\u000d\\n'))
})
