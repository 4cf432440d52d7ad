import { createRequire } from 'node:module'

type Canonicalize = (value: unknown) => string | undefined

/** The package is CommonJS whose types describe a default export that Node's ES module loader does not give. */
const canonicalize = createRequire(import.meta.url)('canonicalize') as Canonicalize

/** RFC 8785 canonical JSON. @throws TypeError for a value that JSON can't hold (NaN, a function, a cycle) */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('the value has no JSON form')
  return text
}
