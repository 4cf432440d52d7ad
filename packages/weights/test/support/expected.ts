import { readFileSync } from 'node:fs'

interface Expected {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** What PyTorch holds in the fixtures, in row-major order: fixtures/make_fixtures.py. */
export const expected: Readonly<Record<'state' | 'small' | 'reference', Readonly<Record<string, Expected>>>> = JSON.parse(
  readFileSync(new URL('../fixtures/expected.json', import.meta.url), 'utf8'),
)
