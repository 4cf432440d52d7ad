import type { AlgorithmPlugin } from '../contracts/algorithm.ts'
import type { Protocol, SampleFacts } from '../contracts/paradigm.ts'
import { missingTrainingMasks } from '../errors/experiment-errors.ts'

/**
 * An algorithm that learns from masks cannot take an abnormal training image for which none was published: it would learn that its defect is normal.
 * @throws ImIadError IM_IAD_E_MASK, naming the samples
 */
export function checkTrainingMasks(
  { id, supervision }: Pick<AlgorithmPlugin, 'id' | 'supervision'>,
  protocol: Protocol,
  samples: ReadonlyMap<string, SampleFacts>,
): void {
  if (supervision !== 'pixel-labels') return
  const trained = protocol.steps.flatMap((step) => [...step.train, ...step.auxiliary])
  const unmasked = trained.filter((item) => {
    const facts = samples.get(item.id)
    return item.label === 'anomalous' && facts?.label === 'anomalous' && !facts.hasMask
  })
  if (unmasked.length > 0)
    throw missingTrainingMasks(
      id,
      unmasked.map((item) => item.id),
    )
}
