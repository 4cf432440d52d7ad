import { z } from 'zod'

/** The version of model.json. */
export const MODEL_SCHEMA = 1

export interface ModelInput {
  /** The whole picture is resized to exactly this. */
  readonly resize: { readonly width: number; readonly height: number }
  readonly resample: 'bilinear' | 'lanczos'
  /** A centre crop after resizing, or `null`. */
  readonly crop: { readonly width: number; readonly height: number } | null
}

export interface ModelAlgorithm {
  readonly id: string
  readonly package: string
  readonly version: string
  /** The algorithm's numbers; another revision is refused. */
  readonly revision: number
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface ModelBackbone {
  /** The algorithm's parameter that names it. */
  readonly parameter: string
  /** What the parameter says: a plugin's id, or a file's name. */
  readonly name: string
  readonly plugin: { readonly id: string; readonly package: string; readonly version: string; readonly revision: number }
  /** SHA-256 of the weights; `null` for a formula. */
  readonly sha256: string | null
  /** A weights file of the user's own is copied into the model: its path in the folder. */
  readonly file: string | null
  /** `(p - mean) / std` per RGB channel in units of 0…255, done by the backbone; `null` where its file says. */
  readonly normalization: { readonly mean: readonly number[]; readonly std: readonly number[] } | null
}

/** A share with its interval. */
export interface DetectionRate {
  readonly hits: number
  readonly count: number
  readonly rate: number
  /** Wilson's interval at `confidence`. */
  readonly low: number
  readonly high: number
  readonly confidence: number
}

export interface ModelThreshold {
  /** A picture is anomalous when its score is above it. */
  readonly value: number
  /** What it promises and on what grounds, for people. */
  readonly statement: string
  /** The asked rate of good pictures that are rejected, and with which confidence. */
  readonly falseReject: { readonly rate: number; readonly confidence: number }
  /** Whether there were enough held-out pictures; if not, `value` is their largest score. */
  readonly supported: boolean
  readonly supportedRate: number
  readonly required: number
  /** Different held-out good parts: near-duplicates count once. */
  readonly count: number
  /** `value` is the `rank`-th largest of their scores. */
  readonly rank: number
  /** `split`: held out of this model. `cross-fitting`: scored by models of the same kind fitted without them. */
  readonly heldOut: 'split' | 'cross-fitting'
  /** Of the bad pictures that there were, at `value`; `null` without any. None was used to set `value`. */
  readonly detection: DetectionRate | null
}

/** model.json: everything about a fitted model but its numbers, which are in `algorithm/`. Data only: nothing in it names code to run. */
export interface ModelDescription {
  readonly format: 'im-iad-model'
  readonly schema: typeof MODEL_SCHEMA
  readonly algorithm: ModelAlgorithm
  readonly input: ModelInput
  readonly backbones: readonly ModelBackbone[]
  /** SHA-256 over the folder of textures that it learned with, as a run's records have it; `null` where it uses none, or made its own. */
  readonly textures: string | null
  readonly budget: string
  /** The tensor engine that it was fitted with, as it describes itself; `null` where the algorithm needs none. */
  readonly engine: string | null
  readonly seed: number
  readonly threshold: ModelThreshold
  /** Scores of held-out good pictures, rising: what drift is measured against. */
  readonly heldOutScores: readonly number[]
  /** The values that heat maps are coloured between: the median, and twice the way to the 99.9th percentile, of held-out good pictures' maps; `null` without maps. */
  readonly heat: { readonly min: number; readonly max: number } | null
  /** What it was fitted on. `fingerprint`: SHA-256 over ids, labels and file hashes of all pictures. */
  readonly data: { readonly fingerprint: string; readonly good: number; readonly bad: number; readonly trained: number }
  /** Every file of the folder but this one: its size and SHA-256. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>
  /** For people: what it was made with. */
  readonly made: { readonly at: string; readonly node: string; readonly platform: string }
}

const positive = z.int().min(1).max(65536)
const size = z.strictObject({ width: positive, height: positive })
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const name = z.string().min(1).max(214)
const finite = z.number()
const share = z.number().min(0).max(1)
const count = z.int().min(0)
/** A path inside the folder: no part of it can lead out. */
const path = z.string().regex(/^(algorithm|weights)(\/[A-Za-z0-9_-][A-Za-z0-9._ +-]*)+$/)

/** Refuses unknown keys: a later version's model is told from this version's by its schema number, not by guessing. */
export const descriptionSchema: z.ZodType<ModelDescription> = z.strictObject({
  format: z.literal('im-iad-model'),
  schema: z.literal(MODEL_SCHEMA),
  algorithm: z.strictObject({
    id: name,
    package: name,
    version: name,
    revision: positive,
    parameters: z.record(z.string(), z.unknown()),
  }),
  input: z.strictObject({ resize: size, resample: z.enum(['bilinear', 'lanczos']), crop: size.nullable() }),
  backbones: z.array(
    z.strictObject({
      parameter: name,
      name: z.string().min(1).max(255),
      plugin: z.strictObject({ id: name, package: name, version: name, revision: positive }),
      sha256: digest.nullable(),
      file: path.nullable(),
      normalization: z.strictObject({ mean: z.array(finite).length(3), std: z.array(finite).length(3) }).nullable(),
    }),
  ),
  // Absent in models from before there were any.
  textures: digest.nullable().default(null),
  budget: name,
  engine: name.nullable(),
  seed: z.int(),
  threshold: z.strictObject({
    value: finite,
    statement: z.string(),
    falseReject: z.strictObject({ rate: share, confidence: share }),
    supported: z.boolean(),
    supportedRate: share,
    required: count,
    count,
    rank: count,
    heldOut: z.enum(['split', 'cross-fitting']),
    detection: z.strictObject({ hits: count, count, rate: share, low: share, high: share, confidence: share }).nullable(),
  }),
  heldOutScores: z.array(finite).min(1).max(1_000_000),
  heat: z.strictObject({ min: finite, max: finite }).nullable(),
  data: z.strictObject({ fingerprint: digest, good: count, bad: count, trained: count }),
  files: z.record(path, z.strictObject({ bytes: count, sha256: digest })),
  made: z.strictObject({ at: z.string(), node: z.string(), platform: z.string() }),
})
