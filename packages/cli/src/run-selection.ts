import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { ImIadError, parseSetting, type RunConfiguration, type Setting } from '@im-iad/core'
import { DEFAULT_DEVICE, DEFAULT_ENGINE } from '@im-iad/nn/engine-names'
import type { ExecutionFlags, SelectionFlags } from './commands/run.ts'
import { readConfigurationFile, type ConfigurationFile } from './configuration-file.ts'
import type { ImIadContext } from './context.ts'

/** What is to be run, from flags and a configuration file; flags win. */
export interface RunSelection {
  readonly configuration: RunConfiguration
  /** `--plugin` and `plugins:`. */
  readonly plugins: readonly string[]
  /** `--run` or `run:`; `null` when nobody named it. */
  readonly run: string | null
  readonly workers: number
}

export async function selectRun(
  flags: SelectionFlags & Partial<ExecutionFlags>,
  file: string | undefined,
  context: ImIadContext,
): Promise<RunSelection> {
  const { workingDirectory, environment } = context
  const configured: ConfigurationFile = file === undefined ? {} : await readConfigurationFile(resolve(workingDirectory, file))
  const workers = flags.workers ?? configured.workers ?? 1
  const dataRoot = flags.dataRoot ?? configured.dataRoot ?? fromEnvironment(environment['IM_IAD_DATA']) ?? null
  const textures = flags.textures ?? configured.textures ?? null
  const engine = flags.engine ?? configured.engine ?? fromEnvironment(environment['IM_IAD_ENGINE']) ?? DEFAULT_ENGINE
  const device = flags.device ?? configured.device ?? fromEnvironment(environment['IM_IAD_DEVICE']) ?? DEFAULT_DEVICE
  await requireEngine(engine, device)
  return {
    plugins: [...(flags.plugin ?? []), ...(configured.plugins ?? [])],
    run: checkRunName(flags.run ?? configured.run ?? null),
    workers,
    configuration: {
      datasets: required('dataset', flags.dataset ?? configured.datasets),
      categories: flags.category ?? configured.categories ?? null,
      algorithms: required('algorithm', flags.algorithm ?? configured.algorithms),
      paradigms: flags.paradigm ?? configured.paradigms ?? ['unsupervised'],
      settings: [...fileSettings(configured), ...(flags.set ?? []).map(parseSetting)],
      seeds: flags.seeds ?? configured.seeds ?? [0],
      budget: flags.budget ?? configured.budget ?? 'paper',
      frame: flags.frame ?? configured.frame ?? 'model',
      engine,
      device,
      dataRoot: dataRoot === null ? null : resolve(workingDirectory, dataRoot),
      textureDirectory: textures === null ? null : resolve(workingDirectory, textures),
      threads: flags.threads ?? configured.threads ?? Math.max(1, Math.floor(availableParallelism() / workers)),
      retention: flags.maps ?? configured.maps ?? 'worst',
      timeLimitSeconds: flags.timeLimit ?? configured.timeLimit ?? null,
      memoryLimitBytes: flags.memoryLimit ?? configured.memoryLimit ?? null,
    },
  }
}

/** An engine that is not there would fail every experiment: said once, before the first. The default is there. */
async function requireEngine(engine: string, device: string): Promise<void> {
  if (engine === DEFAULT_ENGINE && device === DEFAULT_DEVICE) return
  const { checkEngine } = await import('@im-iad/nn')
  await checkEngine({ engine, device })
}

/** A run is a folder in the folder of all runs, whoever wrote the file that names it. */
function checkRunName(name: string | null): string | null {
  if (name === null || (/^[^/\\:]+$/.test(name) && !['.', '..'].includes(name))) return name
  throw new ImIadError({
    code: 'IM_IAD_E_RUN_NAME',
    what: `"${name}" is no name of a run`,
    problem: 'it would be a folder outside of the folder of all runs, or deep in it',
    fix: 'leave out "/", "\\" and ":"; --runs says where the folder of all runs is',
  })
}

/** An empty variable is as good as none. */
function fromEnvironment(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function required(what: 'dataset' | 'algorithm', names: readonly string[] | undefined): readonly string[] {
  if (names !== undefined && names.length > 0) return names
  throw new ImIadError({
    code: 'IM_IAD_E_SELECTION',
    what: `no ${what} was chosen`,
    problem: `neither --${what} nor ${what}s: of a configuration file names one`,
    fix: `-${what.charAt(0)} ID; "im-iad list ${what}s" shows what is installed`,
  })
}

function fileSettings({ set }: ConfigurationFile): readonly Setting[] {
  return Object.entries(set ?? {}).flatMap(([owner, parameters]) =>
    Object.entries(parameters).map(([name, value]) => ({ owner, name, text: typeof value === 'string' ? value : JSON.stringify(value) })),
  )
}
