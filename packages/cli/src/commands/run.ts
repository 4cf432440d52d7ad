import { buildCommand, numberParser, type Command, type TypedCommandFlagParameters } from '@stricli/core'
import { DEFAULT_DEVICE, DEFAULT_ENGINE, DEVICES, TENSOR_ENGINES } from '@im-iad/nn/engine-names'
import type { ImIadContext } from '../context.ts'
import { parseBytes, parseSeconds } from '../quantities.ts'

/** The flags that choose what is run; each overrides its key of im-iad.yaml. */
export type SelectionFlags = {
  readonly dataset?: readonly string[]
  readonly category?: readonly string[]
  readonly algorithm?: readonly string[]
  readonly paradigm?: readonly string[]
  readonly set?: readonly string[]
  readonly seeds?: readonly number[]
  readonly budget?: 'paper' | 'laptop' | 'smoke'
  readonly frame?: 'model' | 'native'
  readonly engine?: (typeof TENSOR_ENGINES)[number]
  readonly device?: (typeof DEVICES)[number]
  readonly dataRoot?: string
  readonly textures?: string
  readonly plugin?: readonly string[]
  readonly json: boolean
}

/** The flags that say how it is run. */
export type ExecutionFlags = SelectionFlags & {
  readonly run?: string
  readonly runs: string
  readonly workers?: number
  readonly threads?: number
  readonly maps?: 'worst' | 'all' | 'none'
  readonly timeLimit?: number
  readonly memoryLimit?: number
  readonly retryFailed: boolean
  readonly inProcess: boolean
}

const name = (text: string): string => text

const selection: TypedCommandFlagParameters<SelectionFlags, ImIadContext> = {
  flags: {
    dataset: { kind: 'parsed', parse: name, variadic: ',', optional: true, brief: 'Datasets (im-iad list datasets)', placeholder: 'ids' },
    category: {
      kind: 'parsed',
      parse: name,
      variadic: ',',
      optional: true,
      brief: 'Categories of the dataset; all when absent',
      placeholder: 'names',
    },
    algorithm: { kind: 'parsed', parse: name, variadic: ',', optional: true, brief: 'Algorithms', placeholder: 'ids' },
    paradigm: {
      kind: 'parsed',
      parse: name,
      variadic: ',',
      optional: true,
      brief: 'Learning paradigms; unsupervised when absent',
      placeholder: 'ids',
    },
    set: {
      kind: 'parsed',
      parse: name,
      variadic: true,
      optional: true,
      brief: 'A parameter, PLUGIN.NAME=VALUE; several values, VALUE,VALUE, make several experiments. May be given again',
      placeholder: 'setting',
    },
    seeds: {
      kind: 'parsed',
      parse: numberParser,
      variadic: ',',
      optional: true,
      brief: 'Seeds, one experiment each; 0 when absent',
      placeholder: 'numbers',
    },
    budget: {
      kind: 'enum',
      values: ['paper', 'laptop', 'smoke'],
      optional: true,
      brief:
        'Named parameter sets: paper (what tables mean, the default), laptop (for two CPU cores, still honest), smoke (only proves that it runs)',
    },
    frame: {
      kind: 'enum',
      values: ['model', 'native'],
      optional: true,
      brief: "Where pixel metrics are measured: the model's input (default) or the picture's own size",
    },
    engine: {
      kind: 'enum',
      values: TENSOR_ENGINES,
      optional: true,
      brief: `The tensor engine (im-iad doctor shows which are there); IM_IAD_ENGINE, else ${DEFAULT_ENGINE}, when absent`,
    },
    device: {
      kind: 'enum',
      values: DEVICES,
      optional: true,
      brief: `What the engine computes on; IM_IAD_DEVICE, else ${DEFAULT_DEVICE}, when absent`,
    },
    dataRoot: {
      kind: 'parsed',
      parse: name,
      optional: true,
      brief: "The dataset's folder, or the one that holds it; IM_IAD_DATA when absent",
      placeholder: 'folder',
    },
    textures: {
      kind: 'parsed',
      parse: name,
      optional: true,
      brief: 'A folder of texture pictures, for algorithms that can use one',
      placeholder: 'folder',
    },
    plugin: {
      kind: 'parsed',
      parse: name,
      variadic: true,
      optional: true,
      brief: 'A plugin package by name or folder, looked at first. May be given again',
      placeholder: 'package',
    },
    json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' },
  },
  aliases: { d: 'dataset', c: 'category', a: 'algorithm', p: 'paradigm' },
}

const configurationFile = {
  kind: 'tuple',
  parameters: [{ parse: name, optional: true, brief: 'The same as a file: im-iad.yaml', placeholder: 'file' }],
} as const

export const runCommand: Command<ImIadContext> = buildCommand<ExecutionFlags, [file?: string], ImIadContext>({
  loader: async () => (await import('../actions/run.ts')).runAction,
  parameters: {
    flags: {
      ...selection.flags,
      run: {
        kind: 'parsed',
        parse: name,
        optional: true,
        brief: 'The name of the run; the same name goes on where it stopped. Derived from what is run when absent',
        placeholder: 'name',
      },
      runs: { kind: 'parsed', parse: name, default: 'runs', brief: 'The folder of all runs', placeholder: 'folder' },
      workers: {
        kind: 'parsed',
        parse: numberParser,
        optional: true,
        brief: 'Experiments at a time; 1 when absent',
        placeholder: 'number',
      },
      threads: {
        kind: 'parsed',
        parse: numberParser,
        optional: true,
        brief: "Threads per experiment; the machine's cores shared by the workers when absent",
        placeholder: 'number',
      },
      maps: {
        kind: 'enum',
        values: ['worst', 'all', 'none'],
        optional: true,
        brief: 'Which anomaly maps are kept; the worst misses and false alarms when absent',
      },
      timeLimit: {
        kind: 'parsed',
        parse: parseSeconds,
        optional: true,
        brief: 'Stop an experiment after so long, as in 90s, 30m, 2h',
        placeholder: 'time',
      },
      memoryLimit: {
        kind: 'parsed',
        parse: parseBytes,
        optional: true,
        brief:
          'Stop an experiment that takes more memory, as in 800MB, 4GB; when all together pass 85 % of the memory there is, when absent',
        placeholder: 'size',
      },
      retryFailed: { kind: 'boolean', default: false, withNegated: false, brief: 'Run experiments again whose record says failed' },
      inProcess: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Run experiments in this process, for debuggers: no limits hold',
      },
    },
    aliases: selection.aliases ?? {},
    positional: configurationFile,
  },
  docs: { brief: 'Run every combination of datasets, algorithms and paradigms that has no record yet' },
})

export const planCommand: Command<ImIadContext> = buildCommand<SelectionFlags, [file?: string], ImIadContext>({
  loader: async () => (await import('../actions/plan.ts')).planAction,
  parameters: { ...selection, positional: configurationFile },
  docs: { brief: 'Print the experiments that a run would do and what they cost; run nothing' },
})
