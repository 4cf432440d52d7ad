import { readFileSync } from 'node:fs'

/** Reference numbers; `fixtures/make-references.py` says how each file is made. */
export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as T
}
