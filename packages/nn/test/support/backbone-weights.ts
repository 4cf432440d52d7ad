import type { NamedTensor } from '@im-iad/weights'
import type { ParameterDefinition } from '../../src/index.ts'
import { seedOf, uniform } from './formula-weights.ts'

/** Values of a network's parameters by their names, as fixtures/make_backbone_reference.py gives them. */
export function backboneWeights(seed: number, definitions: readonly ParameterDefinition[]): ReadonlyMap<string, NamedTensor> {
  return new Map(definitions.map(({ name, shape }) => [name, valueOf(seed, name, shape)]))
}

function valueOf(seed: number, name: string, shape: readonly number[]): NamedTensor {
  const count = shape.reduce((product, size) => product * size, 1)
  return { shape, data: uniform(count, seedOf(`${seed}/${name}`), ...scaleOf(name, shape)) }
}

function scaleOf(name: string, shape: readonly number[]): [scale: number, offset: number] {
  if (name.endsWith('running_mean')) return [0.2, 0]
  if (name.endsWith('running_var')) return [1, 1]
  if (shape.length === 1) return name.endsWith('weight') ? [0.4, 1] : [0.2, 0]
  const inputs = shape.slice(1).reduce((product, size) => product * size, 1)
  return [Math.sqrt((12 * 2) / inputs) * (name.includes('.se.') ? 0.1 : 1), 0]
}
