/** The licences that the prompt offers, by their SPDX ids. */
export type License = 'MIT' | 'Apache-2.0' | 'UNLICENSED'

export const LICENSES: readonly { readonly id: License; readonly meaning: string }[] = [
  { id: 'MIT', meaning: 'anyone may do anything, without warranty' },
  { id: 'Apache-2.0', meaning: 'the same, with a grant of patents' },
  { id: 'UNLICENSED', meaning: 'nobody else may use it' },
]
