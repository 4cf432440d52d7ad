import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { pluginFlags, type PluginFlags } from './plugin-flags.ts'
import { threadsFlag } from './threads-flag.ts'

export type ExportFlags = PluginFlags & {
  /** Empty: named after the model folder. */
  readonly onnx: string
  readonly threads?: number
}

export const exportCommand: Command<ImIadContext> = buildCommand<ExportFlags, [model: string], ImIadContext>({
  loader: async () => (await import('../actions/export.ts')).exportAction,
  parameters: {
    flags: {
      ...pluginFlags.flags,
      onnx: {
        kind: 'parsed',
        parse: String,
        inferEmpty: true,
        brief: 'Write this ONNX file, with its threshold in a JSON beside it; named after the model folder when no file is given',
        placeholder: 'file',
      },
      ...threadsFlag.flags,
    },
    positional: { kind: 'tuple', parameters: [{ parse: String, brief: 'The model folder that fit or try wrote', placeholder: 'MODEL' }] },
  },
  docs: {
    brief: 'Write a fitted model as one ONNX file, from the picture as it is to score and map',
    fullDescription:
      "Write a fitted model as one ONNX file: pictures of any size go in, scores and anomaly maps in the pictures' own size come out; resizing, normalisation and network are inside. It needs nothing of im-iad: any runtime for ONNX runs it. Before it is written, it is run beside the model on made-up pictures; it is not written unless both say the same.",
  },
})
