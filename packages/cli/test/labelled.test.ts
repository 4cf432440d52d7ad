import { describe, expect, it } from 'vitest'
import { labelled, lineWidth } from '../src/labelled.ts'

describe('labelled', () => {
  it('breaks between words and stands further lines below the first', () => {
    expect(labelled('why', 'one two three four', 20)).toBe('why        one two\n           three\n           four')
  })

  it('never breaks a path, and nothing where there is no limit', () => {
    const path = '/a/very/long/path/that/has/to/be/copied'
    expect(labelled('model', `see ${path} there`, 20)).toBe(`model      see\n           ${path}\n           there`)
    expect(labelled('why', 'word '.repeat(50), Number.POSITIVE_INFINITY)).not.toContain('\n')
  })

  it('goes by the terminal, within reason, and leaves what is piped in one line', () => {
    const terminal = (columns: number): number => lineWidth({ isTTY: true, columns })
    expect([terminal(80), terminal(300), terminal(10)]).toEqual([80, 100, 40])
    expect(lineWidth({ columns: 80 })).toBe(Number.POSITIVE_INFINITY)
  })
})
