import { ImIadError } from '@im-iad/errors'
import { openSession } from './session.ts'

/** A level of features; structurally core's FeatureLevel. */
export interface GraphLevel {
  /** The model's output. */
  readonly name: string
  readonly channels: number
  /** Input pixels per feature position. */
  readonly stride: number
}

/** Pictures as core's ImageBatch has them: uint8 RGB, `[count, height, width, 3]`. */
export interface GraphPictures {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
}

/** A backbone whose whole computation, normalisation included, is one graph. `Graph` and `Value` are core's GraphWriter and GraphValue. */
export interface GraphBackboneRequest<Level extends GraphLevel, Graph, Value> {
  /** Of the backbone, for messages. */
  readonly id: string
  readonly levels: readonly Level[]
  /** From float32 `[count, height, width, 3]`, RGB in 0…255, to an output per level, `[count, height / stride, width / stride, channels]`. */
  readonly model: Uint8Array
  /** The model's input. */
  readonly input: string
  readonly threads: number
  /** The same computation inside another graph: a value per level. */
  readonly trace: (graph: Graph, pixels: Value, levels: readonly Level[]) => readonly Value[]
}

/** Structurally a FeatureExtractor of core. */
export interface GraphBackbone<Level extends GraphLevel, Graph, Value> {
  readonly levels: readonly Level[]
  readonly notes: readonly string[]
  /** Features at the given strides, in that order: float32 `[count, height, width, channels]`. @throws ImIadError IM_IAD_E_LEVEL, IM_IAD_E_INPUT_SIZE */
  extract(
    pictures: GraphPictures,
    strides: readonly number[],
  ): Promise<readonly { readonly level: Level; readonly height: number; readonly width: number; readonly data: Float32Array }[]>
  trace(
    graph: Graph,
    frames: { readonly value: Value; readonly height: number; readonly width: number },
    strides: readonly number[],
  ): Promise<{
    readonly levels: readonly { readonly channels: number; readonly height: number; readonly width: number; readonly value: Value }[]
    readonly batch: null
  }>
  dispose(): Promise<void>
}

/** Opens a backbone that is one graph. */
export async function openGraphBackbone<Level extends GraphLevel, Graph, Value>(
  request: GraphBackboneRequest<Level, Graph, Value>,
): Promise<GraphBackbone<Level, Graph, Value>> {
  const { levels, model, input, threads } = request
  const session = await openSession(model, { threads })
  return {
    levels,
    notes: [],
    async extract({ count, height, width, pixels }, strides) {
      const wanted = wantedLevels(request, strides)
      requireSize(request, height, width)
      const feeds = { [input]: { shape: [count, height, width, 3], data: new Float32Array(pixels) } }
      const results = await session.run(
        feeds,
        wanted.map(({ name }) => name),
      )
      return wanted.flatMap((level) => {
        const tensor = results.get(level.name)
        return tensor === undefined ? [] : [{ level, height: height / level.stride, width: width / level.stride, data: tensor.data }]
      })
    },
    async trace(graph, { value, height, width }, strides) {
      const wanted = wantedLevels(request, strides)
      requireSize(request, height, width)
      const values = request.trace(graph, value, wanted)
      const traced = wanted.map(({ channels, stride }, index) => ({
        channels,
        height: height / stride,
        width: width / stride,
        value: values[index],
      }))
      return { levels: traced, batch: null }
    },
    dispose: () => session.dispose(),
  }
}

type Described<Level> = { readonly id: string; readonly levels: readonly Level[] }

/** The levels of these strides, in that order. @throws ImIadError IM_IAD_E_LEVEL for a stride that no level has */
export function wantedLevels<Level extends GraphLevel>({ id, levels }: Described<Level>, strides: readonly number[]): readonly Level[] {
  return strides.map((stride) => {
    const level = levels.find((candidate) => candidate.stride === stride)
    if (level !== undefined) return level
    const known = levels.map((candidate) => candidate.stride).join(', ')
    throw new ImIadError({
      code: 'IM_IAD_E_LEVEL',
      what: `the backbone ${id} has no level of stride ${stride}`,
      problem: `its levels have the strides ${known}`,
      fix: `set the algorithm's levels to some of ${known}`,
    })
  })
}

function requireSize({ id, levels }: Described<GraphLevel>, height: number, width: number): void {
  const coarsest = Math.max(...levels.map(({ stride }) => stride))
  if (height % coarsest === 0 && width % coarsest === 0) return
  throw new ImIadError({
    code: 'IM_IAD_E_INPUT_SIZE',
    what: `the backbone ${id} cannot take pictures of ${width}x${height}`,
    problem: `both sides have to be multiples of ${coarsest}, the stride of its coarsest level`,
    fix: `set the algorithm's input size to a multiple of ${coarsest}, such as 256`,
  })
}
