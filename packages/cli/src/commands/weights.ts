import { buildCommand, buildRouteMap, type RouteMap } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { pluginFlags, type PluginFlags } from './plugin-flags.ts'

export type WeightsPullFlags = PluginFlags & {
  readonly from?: string
  readonly stallTimeout: string
}

export type WeightsAddFlags = PluginFlags & {
  readonly as?: string
  readonly member?: string
}

const backbones = (minimum: number) =>
  ({ kind: 'array', minimum, parameter: { parse: String, brief: 'Backbones, by id', placeholder: 'backbone' } }) as const

export const weightsRoutes: RouteMap<ImIadContext> = buildRouteMap<'pull' | 'add' | 'list' | 'verify', ImIadContext>({
  routes: {
    pull: buildCommand<WeightsPullFlags, string[], ImIadContext>({
      loader: async () => (await import('../actions/weights-pull.ts')).weightsPullAction,
      parameters: {
        flags: {
          ...pluginFlags.flags,
          from: {
            kind: 'parsed',
            parse: String,
            optional: true,
            brief:
              'Download from there instead: a file, or a folder when it ends with "/". IM_IAD_WEIGHTS_MIRROR is such a folder for all downloads',
            placeholder: 'url',
          },
          stallTimeout: {
            kind: 'parsed',
            parse: String,
            default: '30s',
            brief: 'Try again when nothing came for so long',
            placeholder: 'time',
          },
        },
        positional: backbones(1),
      },
      docs: { brief: 'Download the published weights of backbones; goes on where it stopped, checks the SHA-256' },
    }),
    add: buildCommand<WeightsAddFlags, [file: string], ImIadContext>({
      loader: async () => (await import('../actions/weights-add.ts')).weightsAddAction,
      parameters: {
        flags: {
          ...pluginFlags.flags,
          as: {
            kind: 'parsed',
            parse: String,
            optional: true,
            brief: 'The backbone whose weights these are; told by their SHA-256 otherwise',
            placeholder: 'backbone',
          },
          member: {
            kind: 'parsed',
            parse: String,
            optional: true,
            brief: 'Which file, where a zip or wheel holds several',
            placeholder: 'name',
          },
        },
        positional: {
          kind: 'tuple',
          parameters: [
            { parse: String, brief: 'A .safetensors, .pth or .onnx file, or a zip or Python wheel that holds one', placeholder: 'file' },
          ],
        },
      },
      docs: { brief: 'Add a weights file that you have, without a network' },
    }),
    list: buildCommand<PluginFlags, [], ImIadContext>({
      loader: async () => (await import('../actions/weights-list.ts')).weightsListAction,
      parameters: pluginFlags,
      docs: { brief: 'Which weights are here, for which backbone, of what licence' },
    }),
    verify: buildCommand<PluginFlags, string[], ImIadContext>({
      loader: async () => (await import('../actions/weights-verify.ts')).weightsVerifyAction,
      parameters: { ...pluginFlags, positional: backbones(0) },
      docs: { brief: 'Hash the files again; all of them when no backbone is named' },
    }),
  },
  defaultCommand: 'list',
  docs: { brief: 'Pretrained weights of backbones: download, add, list, verify' },
})
