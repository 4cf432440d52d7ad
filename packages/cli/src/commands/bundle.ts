import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { pluginFlags, type PluginFlags } from './plugin-flags.ts'

export type BundleFlags = PluginFlags & {
  readonly platform: string
  readonly out?: string
  readonly weights?: string
}

export const bundleCommand: Command<ImIadContext> = buildCommand<BundleFlags, string[], ImIadContext>({
  loader: async () => (await import('../actions/bundle.ts')).bundleAction,
  parameters: {
    flags: {
      platform: {
        kind: 'parsed',
        parse: String,
        brief: 'The machine that it is for: linux-x64, linux-arm64, win32-x64, win32-arm64 or darwin-arm64',
        placeholder: 'platform',
      },
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'The archive to write [default = im-iad-VERSION-PLATFORM.tgz]',
        placeholder: 'file',
      },
      weights: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief:
          'Backbones or files of IM_IAD_HOME/weights, with commas between them, or "none" [default = all that is cached for installed backbones]',
        placeholder: 'names',
      },
      ...pluginFlags.flags,
    },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        brief: 'Plugins by id, or packages: NAME, NAME@RANGE, ./FOLDER or FILE.tgz; all that is found here when none is named',
        placeholder: 'plugin',
      },
    },
  },
  docs: {
    brief: 'Make one archive that installs without a network: this command, plugins, binaries for a platform, cached weights',
    fullDescription:
      'Makes one .tgz with this command, plugins, all that they depend on, the binaries for one platform and cached weights. There it is unpacked and used in place; "node install.mjs" inside it checks every file. ' +
      'Packages come from your npm and its settings; their scripts are not run. In a checkout the packages of its workspace are packed as a release would.',
  },
})
