import type { Protocol, ProtocolStep, SampleFacts } from '../contracts/paradigm.ts'
import { pictureKeys } from '../splits/parts.ts'
import { invalidProtocol, leakyProtocol, type Leak } from '../errors/experiment-errors.ts'

/**
 * Refuses a protocol that trains on what it tests: the same sample, the same picture under another name or in another encoding, or another picture of the same physical part.
 * A paradigm that shares parts on purpose says so in `leaky`; the same sample on both sides is refused even then.
 * @throws ImIadError IM_IAD_E_LEAK, naming the pictures, or IM_IAD_E_PROTOCOL when it names a sample that does not exist or trains on nothing
 */
export function checkProtocol(paradigm: string, protocol: Protocol, samples: ReadonlyMap<string, SampleFacts>): void {
  if (protocol.steps.length === 0) throw invalidProtocol(paradigm, 'it has no steps')
  for (const step of protocol.steps) checkStep(paradigm, step, samples)
  const leaks = findLeaks(protocol, samples)
  if (leaks.length > 0) throw leakyProtocol(paradigm, leaks)
}

/** Tested samples that are trained on, in whatever step: each with the first training sample that it shares something with. */
function findLeaks(protocol: Protocol, samples: ReadonlyMap<string, SampleFacts>): readonly Leak[] {
  const keysOf = (id: string): readonly string[] => identities(samples.get(id), protocol.leaky !== null)
  const trained = new Map<string, string>()
  for (const { id } of protocol.steps.flatMap((step) => [...step.train, ...step.auxiliary]))
    for (const key of keysOf(id)) if (!trained.has(key)) trained.set(key, id)
  const tested = new Set(protocol.steps.flatMap((step) => step.evaluate.flatMap((test) => test.ids)))
  return [...tested].flatMap((test) => {
    const shared = keysOf(test).find((key) => trained.has(key))
    const train = shared === undefined ? undefined : trained.get(shared)
    return shared === undefined || train === undefined ? [] : [{ test, train, why: reasonOf(shared) }]
  })
}

function reasonOf(key: string): string {
  if (key.startsWith('sample ')) return 'it is trained on'
  if (key.startsWith('picture ')) return 'both are the same picture'
  return key.startsWith('copy ') ? 'one is a re-encoded or resized copy of the other' : 'both show the same physical part'
}

function checkStep(paradigm: string, step: ProtocolStep, samples: ReadonlyMap<string, SampleFacts>): void {
  if (step.train.length === 0) throw invalidProtocol(paradigm, `task "${step.task}" trains on nothing`)
  const named = [...step.train, ...step.auxiliary].map((item) => item.id).concat(step.evaluate.flatMap((test) => test.ids))
  const unknown = named.find((id) => !samples.has(id))
  if (unknown !== undefined) throw invalidProtocol(paradigm, `task "${step.task}" names the sample "${unknown}", which does not exist`)
  for (const { task, ids } of step.evaluate) if (ids.length === 0) throw invalidProtocol(paradigm, `task "${task}" tests nothing`)
}

/** Two samples that share one of these are one and the same for training and test. */
function identities(facts: SampleFacts | undefined, leaky: boolean): readonly string[] {
  if (facts === undefined) return []
  const { id, category, group } = facts
  if (leaky) return [`sample ${id}`]
  return [`sample ${id}`, ...pictureKeys(facts), ...(group === undefined ? [] : [`group ${category}/${group}`])]
}
