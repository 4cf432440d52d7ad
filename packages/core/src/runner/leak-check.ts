import type { Protocol, ProtocolStep, SampleFacts } from '../contracts/paradigm.ts'
import { invalidProtocol, leakyProtocol } from '../errors/experiment-errors.ts'

/**
 * Refuses a protocol that trains on what it tests: the same sample, the same picture under another name, or another picture of the same physical part.
 * A paradigm that shares parts on purpose says so in `leaky`; the same sample on both sides is refused even then.
 * @throws ImIadError IM_IAD_E_LEAK, or IM_IAD_E_PROTOCOL when it names a sample that does not exist or trains on nothing
 */
export function checkProtocol(paradigm: string, protocol: Protocol, samples: ReadonlyMap<string, SampleFacts>): void {
  if (protocol.steps.length === 0) throw invalidProtocol(paradigm, 'it has no steps')
  const trained = new Map<string, string>()
  for (const step of protocol.steps) {
    checkStep(paradigm, step, samples)
    for (const { id } of [...step.train, ...step.auxiliary])
      for (const key of identities(samples.get(id), protocol.leaky !== null)) trained.set(key, id)
  }
  for (const step of protocol.steps)
    for (const { ids } of step.evaluate)
      for (const id of ids)
        for (const key of identities(samples.get(id), protocol.leaky !== null)) {
          const twin = trained.get(key)
          if (twin !== undefined)
            throw leakyProtocol(
              paradigm,
              id,
              twin,
              key.startsWith('group ')
                ? 'both show the same physical part'
                : twin === id
                  ? 'it is trained on'
                  : 'both are the same picture',
            )
        }
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
  const { id, sha256, category, group } = facts
  if (leaky) return [`sample ${id}`]
  return [`sample ${id}`, `picture ${sha256}`, ...(group === undefined ? [] : [`group ${category}/${group}`])]
}
