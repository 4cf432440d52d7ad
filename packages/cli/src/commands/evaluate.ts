import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

export type EvaluateFlags = {
  readonly maps: string
  readonly masks: string
  readonly scores?: string
  readonly noMask: 'error' | 'normal'
  readonly json: boolean
}

export const evaluateCommand: Command<ImIadContext> = buildCommand<EvaluateFlags, [], ImIadContext>({
  loader: async () => (await import('../actions/evaluate.ts')).evaluateAction,
  parameters: {
    flags: {
      maps: { kind: 'parsed', parse: String, brief: 'Anomaly maps, FOLDER/<defect>/<name>.tiff, .png or .npy', placeholder: 'folder' },
      masks: { kind: 'parsed', parse: String, brief: 'Masks, FOLDER/<defect>/<name>.png or <name>_mask.png', placeholder: 'folder' },
      scores: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: "Image scores as CSV: image,score; a map's maximum when absent",
        placeholder: 'file',
      },
      noMask: { kind: 'enum', values: ['error', 'normal'], default: 'error', brief: 'What a map outside good/ without a mask means' },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' },
    },
  },
  docs: { brief: 'Score anomaly maps that any other program made' },
})
