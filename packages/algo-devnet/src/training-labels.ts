import type { FitRequest, RandomStream } from '@im-iad/core'
import { oneSidedLabels, unlabelledImage } from './errors.ts'

/**
 * The training pictures' labels: 1 for abnormal ones, 0 for normal ones.
 * @param permutation - shuffles them among the pictures, or `null`
 * @throws ImIadError IM_IAD_E_NO_TRAINING when all pictures have one label, or one has none
 */
export async function readLabels({ samples, task, signal }: FitRequest, permutation: RandomStream | null): Promise<readonly (0 | 1)[]> {
  const labels: (0 | 1)[] = []
  for await (const { label } of samples) {
    signal.throwIfAborted()
    if (label === undefined) throw unlabelledImage(task, labels.length)
    labels.push(label === 'anomalous' ? 1 : 0)
  }
  for (const [kind, label] of [
    ['normal', 0],
    ['anomalous', 1],
  ] as const)
    if (!labels.includes(label)) throw oneSidedLabels(task, labels.length, kind)
  return permutation === null ? labels : permutation.shuffle(labels)
}
