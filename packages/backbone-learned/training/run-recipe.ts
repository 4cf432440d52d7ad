import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTensorEngine, type TensorEngine } from '@im-iad/nn'
import { writeSafetensors } from '@im-iad/weights'
import { checkpointFile } from './checkpoint-file.ts'
import { distill } from './distill.ts'
import { foldWeights } from './fold-weights.ts'
import { createLossLog, type LossEntry } from './loss-log.ts'
import { selfSupervise } from './self-supervise.ts'
import { DISTILLED, SELF_SUPERVISED } from './settings.ts'
import { openTeacher } from './teacher.ts'
import type { TrainedBackbone, TrainingHost } from './train-student.ts'

export const RECIPES = ['distilled', 'self-supervised'] as const

export type RecipeName = (typeof RECIPES)[number]

export interface RecipeRequest {
  /** Where checkpoint, losses and weights are written. */
  readonly folder: string
  /** The teacher's file; only `distilled` needs it. */
  readonly teacher: string | null
  readonly threads: number
  readonly signal: AbortSignal
}

/** Steps per entry of the loss curve. */
const CURVE_STEPS = 50

const CHECKPOINT_SECONDS = 120

/** Trains, or goes on from the folder's checkpoint, and writes the folded weights (float16) and the loss curve. @returns their paths */
export async function runRecipe(
  recipe: RecipeName,
  { folder, teacher, threads, signal }: RecipeRequest,
): Promise<{ readonly weights: string; readonly losses: string }> {
  const tf = await openTensorEngine({ threads })
  const progress = join(folder, 'losses.jsonl')
  const onEntry = (entry: LossEntry): void => {
    process.stderr.write(`step ${entry.step}: loss ${entry.loss.toFixed(4)}\n`)
    void appendFile(progress, `${JSON.stringify(entry)}\n`)
  }
  const { student, outputs } = await trainRecipe(tf, recipe, teacher, threads, {
    checkpoint: {
      store: checkpointFile(join(folder, 'checkpoint.safetensors')),
      everySeconds: CHECKPOINT_SECONDS,
      settings: { recipe, ...(recipe === 'distilled' ? DISTILLED : SELF_SUPERVISED) },
    },
    onStep: createLossLog(CURVE_STEPS, onEntry),
    signal,
  })
  const [weights, losses] = [join(folder, 'learned.safetensors'), join(folder, 'curve.jsonl')]
  await writeSafetensors(weights, foldWeights(await student.parameters.read(), outputs), {
    floats: 'F16',
    metadata: new Map([['recipe', recipe]]),
  })
  await writeFile(losses, (await readCurve(progress)).map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  return { weights, losses }
}

async function trainRecipe(
  tf: TensorEngine,
  recipe: RecipeName,
  teacher: string | null,
  threads: number,
  host: TrainingHost,
): Promise<TrainedBackbone> {
  if (recipe === 'self-supervised') return selfSupervise(tf, SELF_SUPERVISED, host)
  if (teacher === null) throw new RangeError('the recipe distilled needs a teacher')
  return distill(tf, await openTeacher(teacher, threads), DISTILLED, host)
}

/** Steps that were done again after an interruption count once, as they were done last. */
async function readCurve(file: string): Promise<readonly LossEntry[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  const entries = new Map(lines.map((line) => JSON.parse(line) as LossEntry).map((entry) => [entry.step, entry]))
  return [...entries.values()].toSorted((left, right) => left.step - right.step)
}
