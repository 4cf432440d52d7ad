import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  buildPlan,
  createLocalExecutor,
  createRegistry,
  discover,
  executePlan,
  openRunStore,
  type ExecutedPlan,
  type ExecutorEvent,
  type LocalExecutorOptions,
  type Plan,
  type Registry,
  type RunConfiguration,
} from '../../dist/index.js'

export const TOY_PLUGINS: string = fileURLToPath(new URL('../fixtures/toy-plugins', import.meta.url))

/** An algorithm that does to its process whatever a plugin can do to one. */
export const FAULTY_PLUGINS: string = fileURLToPath(new URL('../fixtures/faulty-plugins', import.meta.url))

/** A fresh folder under the system's temporary one. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'im-iad-core-'))
}

/** The toy plugins and nothing else, as found from an empty folder. */
export async function toyRegistry(...requested: readonly string[]): Promise<Registry> {
  const nowhere = await temporaryFolder()
  return createRegistry(
    discover({
      workingDirectory: nowhere,
      commandDirectory: nowhere,
      requested: [TOY_PLUGINS, FAULTY_PLUGINS, ...requested],
      managedDirectory: nowhere,
    }),
  )
}

export const TOY_CONFIGURATION: RunConfiguration = {
  datasets: ['toy'],
  categories: ['left'],
  algorithms: ['toy-mean'],
  paradigms: ['toy-split'],
  settings: [],
  seeds: [0],
  budget: 'paper',
  frame: 'model',
  dataRoot: null,
  textureDirectory: null,
  engine: 'cpu',
  device: 'cpu',
  threads: 1,
  retention: 'worst',
  timeLimitSeconds: null,
  memoryLimitBytes: null,
}

export async function toyPlan(configuration: Partial<RunConfiguration> = {}): Promise<Plan> {
  return buildPlan({ ...TOY_CONFIGURATION, ...configuration }, { registry: await toyRegistry(), homeDirectory: await temporaryFolder() })
}

export interface ToyRun extends ExecutedPlan {
  readonly directory: string
  readonly events: readonly ExecutorEvent[]
}

export interface ToyRunOptions {
  readonly directory?: string
  readonly isolation?: LocalExecutorOptions['isolation']
  readonly workers?: number
  readonly sharedMemoryBytes?: number
  readonly onDamage?: (message: string) => void
  readonly retryFailed?: boolean
  readonly signal?: AbortSignal
  readonly onEvent?: (event: ExecutorEvent) => void
}

export async function toyRun(plan: Plan, options: ToyRunOptions = {}): Promise<ToyRun> {
  const directory = options.directory ?? (await temporaryFolder())
  const events: ExecutorEvent[] = []
  const executed = await executePlan({
    plan,
    store: openRunStore(directory, options.onDamage ?? (() => undefined)),
    executor: createLocalExecutor({
      workers: options.workers ?? 1,
      isolation: options.isolation ?? 'in-process',
      ...(options.sharedMemoryBytes === undefined ? {} : { sharedMemoryBytes: options.sharedMemoryBytes }),
    }),
    retryFailed: options.retryFailed ?? false,
    onEvent(event) {
      events.push(event)
      options.onEvent?.(event)
    },
    signal: options.signal ?? new AbortController().signal,
  })
  return { ...executed, directory, events }
}
