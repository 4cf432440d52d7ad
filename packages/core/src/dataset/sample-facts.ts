import type { SampleFacts } from '../contracts/paradigm.ts'
import type { ImageSource, Sample } from '../contracts/sample.ts'
import { unreadableSample } from '../errors/dataset-errors.ts'
import { canonicalJson } from '../plan/canonical-json.ts'
import { sha256, type FileHashes } from './file-hashes.ts'

/** A sample with the fingerprints of its picture and masks. */
export interface FingerprintedSample {
  readonly sample: Sample
  readonly facts: SampleFacts
  readonly maskFingerprints: readonly string[]
}

/** How many files are hashed at a time: enough to keep a disk busy. */
const CONCURRENCY = 16

/** Fingerprints all samples, in their order. @throws the signal's reason when it is aborted */
export async function fingerprintSamples(
  samples: readonly Sample[],
  hashes: FileHashes,
  signal?: AbortSignal,
): Promise<readonly FingerprintedSample[]> {
  const results: FingerprintedSample[] = []
  for (let start = 0; start < samples.length; start += CONCURRENCY) {
    signal?.throwIfAborted()
    results.push(...(await Promise.all(samples.slice(start, start + CONCURRENCY).map((sample) => fingerprintSample(sample, hashes)))))
  }
  return results
}

async function fingerprintSample(sample: Sample, hashes: FileHashes): Promise<FingerprintedSample> {
  const { image, masks, ...described } = sample
  const fingerprint = async (source: ImageSource): Promise<string> => {
    try {
      return await fingerprintSource(source, hashes)
    } catch (error) {
      throw unreadableSample(sample.id, sourceName(source), error)
    }
  }
  return {
    sample,
    facts: { ...described, sha256: await fingerprint(image), hasMask: masks.length > 0 },
    maskFingerprints: await Promise.all(masks.map((mask) => fingerprint(mask.image))),
  }
}

async function fingerprintSource(source: ImageSource, hashes: FileHashes): Promise<string> {
  switch (source.kind) {
    case 'file':
      return hashes.hash(source.path)
    case 'encoded':
      return sha256(await source.read())
    case 'pixels':
      return sha256(source.fingerprint)
  }
}

/** A source's path or name, for messages. */
export function sourceName(source: ImageSource): string {
  return source.kind === 'file' ? source.path : source.name
}

/** SHA-256 over everything that these samples can contribute to a result, whatever their order. */
export function dataFingerprint(samples: readonly FingerprintedSample[]): string {
  const lines = samples.map(({ sample, facts, maskFingerprints }) =>
    canonicalJson({ ...facts, masks: maskFingerprints, saturation: sample.masks.map((mask) => mask.saturationArea ?? null) }),
  )
  return sha256(lines.toSorted().join('\n'))
}
