import { join } from 'node:path'
import { sha256 } from '../dataset/file-hashes.ts'
import { canonicalJson } from '../plan/canonical-json.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'
import { RECORD_SCHEMA } from '../store/record.ts'
import { experimentDirectory } from '../store/run-store.ts'
import type { LoadedExperiment } from './load-experiment.ts'

/** Writes split.json: who is trained on and tested, by id and file hash, so that a split can be checked and replayed. Returns its SHA-256. */
export async function writeSplitManifest({ job, protocol, readable }: LoadedExperiment): Promise<string> {
  const used = protocol.steps.flatMap((step) =>
    [...step.train, ...step.auxiliary].map((item) => item.id).concat(step.evaluate.flatMap((test) => test.ids)),
  )
  const manifest = {
    schema: RECORD_SCHEMA,
    dataset: job.inputs.dataset.id,
    category: job.inputs.category,
    paradigm: job.inputs.paradigm,
    seed: job.inputs.seed,
    leaky: protocol.leaky,
    steps: protocol.steps,
    files: Object.fromEntries([...new Set(used)].map((id) => [id, readable(id).sha256])),
  }
  await writeFileAtomically(join(experimentDirectory(job.runDirectory, job.hash), 'split.json'), JSON.stringify(manifest, null, 1))
  return sha256(canonicalJson(manifest))
}
