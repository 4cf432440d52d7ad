import { matchParameters, openWeights, type NamedTensor, type WeightsFile } from '@im-iad/weights'
import { namingOf } from '../networks/efficient-naming.ts'
import type { ParameterDefinition } from '../parameters/parameter-definition.ts'
import { backboneParameters, isHead, type BackboneDefinition } from './backbone-definition.ts'

/**
 * Compares a file with the network, without reading its numbers.
 * @throws ImIadError of `@im-iad/weights`, naming the file and every missing, further or misshapen parameter
 */
export async function checkBackboneWeights(definition: BackboneDefinition, path: string): Promise<void> {
  await withFile(path, (file) => Promise.resolve(matchFile(definition, file)))
}

/**
 * The parameters up to a level.
 * @throws ImIadError of `@im-iad/weights`, naming file and tensor
 */
export async function readBackboneWeights(
  definition: BackboneDefinition,
  path: string,
  through: string,
): Promise<ReadonlyMap<string, NamedTensor>> {
  return withFile(path, async (file) => {
    const names = matchFile(definition, file)
    const weights = new Map<string, NamedTensor>()
    for (const { name, shape } of backboneParameters(definition, namingOf(file.tensors.keys()), through))
      weights.set(name, { shape, data: await file.read(names.get(name) ?? name) })
    return weights
  })
}

function matchFile(definition: BackboneDefinition, file: WeightsFile): ReadonlyMap<string, string> {
  const shapeOf = ({ name, shape }: ParameterDefinition): [string, readonly number[]] => [name, shape]
  const expected = new Map(backboneParameters(definition, namingOf(file.tensors.keys())).map(shapeOf))
  return matchParameters(file, expected, { ignore: (name) => isHead(definition, name) })
}

async function withFile<Result>(path: string, use: (file: WeightsFile) => Promise<Result>): Promise<Result> {
  const file = await openWeights(path)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}
