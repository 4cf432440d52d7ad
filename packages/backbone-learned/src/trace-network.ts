import { HEADS, STAGES, STEM, type BasicBlock, type ConvolutionUnit } from './architecture.ts'

/** What the network is written in: tensor functions while it is trained, a graph afterwards. */
export interface NetworkOperations<Value> {
  /** A convolution and, in training, the batch normalisation after it, which is folded into it afterwards. */
  readonly convolve: (values: Value, unit: ConvolutionUnit) => Value
  readonly rectify: (values: Value) => Value
  readonly add: (left: Value, right: Value) => Value
}

/**
 * The outputs of the stages, from fine to coarse, for normalised pictures whose sides are multiples of 16.
 * @param through - the stride of the last stage that is wanted
 */
export function traceStages<Value>(operations: NetworkOperations<Value>, pictures: Value, through: number = Infinity): readonly Value[] {
  const { convolve, rectify } = operations
  let values = pictures
  for (const unit of STEM) values = rectify(convolve(values, unit))
  return STAGES.filter(({ stride }) => stride <= through).map(({ blocks }) => {
    for (const block of blocks) values = traceBlock(operations, values, block)
    return values
  })
}

/** The network's levels by name, from the outputs of its stages. */
export function traceHeads<Value>(
  { convolve }: NetworkOperations<Value>,
  stages: readonly Value[],
  wanted: (level: string) => boolean = (_level: string) => true,
): ReadonlyMap<string, Value> {
  return new Map(HEADS.flatMap(({ level, unit }, index) => (wanted(level) ? [[level, convolve(stages[index], unit)] as const] : [])))
}

function traceBlock<Value>(
  { convolve, rectify, add }: NetworkOperations<Value>,
  values: Value,
  { first, second, shortcut }: BasicBlock,
): Value {
  const inner = convolve(rectify(convolve(values, first)), second)
  return rectify(add(inner, shortcut === null ? values : convolve(values, shortcut)))
}
