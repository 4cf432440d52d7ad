import { numberParser, type TypedCommandFlagParameters } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { parseShare } from '../quantities.ts'
import { pluginFlags } from './plugin-flags.ts'
import { threadsFlag } from './threads-flag.ts'

/** What `fit` and `try` have in common. */
export type FitFlags = {
  readonly dataset: string
  readonly dataRoot?: string
  readonly category?: string
  readonly budget: 'paper' | 'laptop' | 'smoke'
  readonly set?: readonly string[]
  readonly falseReject: number
  readonly confidence: number
  readonly seed: number
  readonly threads?: number
  readonly textures?: string
  readonly plugin?: readonly string[]
  readonly json: boolean
  readonly inProcess: boolean
}

export const fitFlags: TypedCommandFlagParameters<FitFlags, ImIadContext> = {
  flags: {
    dataset: {
      kind: 'parsed',
      parse: String,
      default: 'folder',
      brief: 'Where the pictures come from: folder, or a dataset',
      placeholder: 'id',
    },
    dataRoot: {
      kind: 'parsed',
      parse: String,
      optional: true,
      brief: 'The same as DIR: the folder of pictures; IM_IAD_DATA when absent and a dataset is named',
      placeholder: 'folder',
    },
    category: {
      kind: 'parsed',
      parse: String,
      optional: true,
      brief: 'Which kind of part, where the folder holds several',
      placeholder: 'name',
    },
    budget: { kind: 'enum', values: ['paper', 'laptop', 'smoke'], default: 'laptop', brief: 'Named parameter sets' },
    set: {
      kind: 'parsed',
      parse: String,
      variadic: true,
      optional: true,
      brief: 'A parameter, PLUGIN.NAME=VALUE. May be given again',
      placeholder: 'setting',
    },
    falseReject: {
      kind: 'parsed',
      parse: parseShare,
      default: '1%',
      brief: 'The largest share of good pictures that may be rejected',
      placeholder: 'share',
    },
    confidence: { kind: 'parsed', parse: parseShare, default: '95%', brief: 'How sure that has to be', placeholder: 'share' },
    seed: { kind: 'parsed', parse: numberParser, default: '0', brief: 'Draws who is held out', placeholder: 'number' },
    ...threadsFlag.flags,
    textures: {
      kind: 'parsed',
      parse: String,
      optional: true,
      brief: 'A folder of texture pictures, for algorithms that can use one',
      placeholder: 'folder',
    },
    ...pluginFlags.flags,
    inProcess: { kind: 'boolean', default: false, withNegated: false, brief: 'Fit in this process, for debuggers' },
  },
}
