import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface FolderParameters {
  /** A CSV or JSON Lines file, relative to the data root; `null`: manifest.csv or manifest.jsonl in the root, where there is one. */
  readonly manifest: string | null
  /** Names of folders of normal pictures, in lower case. */
  readonly normalFolders: readonly string[]
  /** Names of folders of anomalous pictures that are no defect's name, in lower case. */
  readonly anomalousFolders: readonly string[]
  /** What pictures are in a folder without any layout: `unknown` is an error, `normal` takes them all as good ones. */
  readonly alone: 'unknown' | 'normal'
}

const folderNames = z.array(z.string().min(1).toLowerCase()).min(1)

export const parameters: ParameterSchema<FolderParameters> = z.strictObject({
  manifest: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'A CSV or JSON Lines file that lists the pictures, relative to the data root; null: manifest.csv or manifest.jsonl there, if any',
    ),
  normalFolders: folderNames.default(['good', 'ok', 'normal']).describe('Names of folders of normal pictures, in any case'),
  anomalousFolders: folderNames
    .default(['bad', 'ng', 'anomalous', 'abnormal', 'anomaly', 'defect', 'defects', 'defective'])
    .describe('Names of folders of anomalous pictures that are no name of a defect, in any case'),
  alone: z
    .enum(['unknown', 'normal'])
    .default('unknown')
    .describe('What pictures are that lie in the root without any folders: unknown is an error, normal takes them all as good'),
})

/** What holds where nobody chose otherwise. */
export const DEFAULTS: FolderParameters = defaults()

function defaults(): FolderParameters {
  const result = parameters['~standard'].validate({})
  if (result instanceof Promise || result.issues !== undefined) throw new TypeError('the defaults must be valid')
  return result.value
}
