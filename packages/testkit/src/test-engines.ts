import type { AlgorithmPlugin, Prediction } from '@im-iad/core'
import { afterAll, describe, expect, it } from 'vitest'
import { firstDifference, largestMagnitude } from './compare-predictions.ts'
import { blockBackbone } from './fixtures/block-backbone.ts'
import { batchOf, contextFor, fitRequest, picture } from './fixtures/requests.ts'

/** The tensor engines, as `@im-iad/nn` gives them. */
export interface TestedEngines {
  readonly names: readonly string[]
  /** Fails where an engine is not there. */
  open(request: { readonly engine: string }): Promise<unknown>
}

/** The engine that the others are compared with. */
const REFERENCE = 'cpu'

/** The environment variable that an engine is chosen with. */
const VARIABLE = 'IM_IAD_ENGINE'

/** Float32 sums in another order: how far apart results may be, relative to the largest. */
const TOLERANCE = 1e-5

/**
 * Declares vitest tests: on every tensor engine that is there an algorithm's scores and maps are those of the `cpu` engine. One that is not there is said to be not tested.
 * Call it at the top level of a test file:
 *
 *     await testEngines(plugin, { size: 32, levels: [4, 8] }, { names: TENSOR_ENGINES, open: openTensorEngine })
 *
 * @param parameters - for pictures of 32x32 and a backbone with levels of strides 4 and 8
 */
export async function testEngines<Parameters extends object>(
  plugin: AlgorithmPlugin<Parameters>,
  parameters: Readonly<Record<string, unknown>>,
  engines: TestedEngines,
): Promise<void> {
  const configured = process.env[VARIABLE]
  const available = await availableEngines(plugin.id, engines)
  afterAll(() => {
    if (configured === undefined) delete process.env[VARIABLE]
    else process.env[VARIABLE] = configured
  })
  describe.each(available)(`${plugin.id} on the %s engine`, (engine) => {
    it(`has the scores and maps of the ${REFERENCE} engine`, async () => {
      const expected = await predictOn(REFERENCE, plugin, parameters)
      const actual = await predictOn(engine, plugin, parameters)
      expect(actual.maps === undefined).toBe(plugin.outputs === 'image')
      expect(differenceOf(expected.scores, actual.scores)).toBeNull()
      expect(differenceOf(expected.maps?.data ?? [], actual.maps?.data ?? [])).toBeNull()
    })
  })
}

async function availableEngines(plugin: string, { names, open }: TestedEngines): Promise<readonly string[]> {
  const available: string[] = []
  for (const engine of names) {
    if (engine === REFERENCE) continue
    const problem = await open({ engine }).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    if (problem === null) available.push(engine)
    else process.stderr.write(`NOT TESTED: ${plugin} on the ${engine} engine: ${problem}\n`)
  }
  return available
}

async function predictOn<Parameters extends object>(
  engine: string,
  plugin: AlgorithmPlugin<Parameters>,
  given: Readonly<Record<string, unknown>>,
): Promise<Prediction> {
  process.env[VARIABLE] = engine
  const result = await plugin.parameters['~standard'].validate(given)
  if (result.issues !== undefined) throw new TypeError('invalid parameters')
  const model = await plugin.create(result.value, await contextFor(blockBackbone([4, 8], 5)))
  await model.fit(fitRequest([0, 1, 2, 3, 4].map(picture)))
  const prediction = await model.predict(batchOf(picture(9), picture(12)))
  await model.dispose()
  return prediction
}

function differenceOf(expected: ArrayLike<number>, actual: ArrayLike<number>): string | null {
  return firstDifference(expected, actual, TOLERANCE * largestMagnitude(expected))
}
