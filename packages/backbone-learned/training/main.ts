import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { RECIPES, runRecipe, type RecipeName } from './run-recipe.ts'

/** This package's folder, from `training/dist/training`. */
const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url))

const USAGE = `npm run train:backbone -- [--recipe ${RECIPES.join('|')}] [--teacher FILE] [--work DIR] [--threads N] [--install]
  --recipe    ${RECIPES[0]} when absent
  --teacher   EfficientNet-Lite0: its weights (im-iad weights pull efficientnet-lite0), or a feature extractor .onnx; self-supervised needs none
  --work      where checkpoints, losses and weights are written; the same command goes on from a checkpoint (training/work)
  --install   puts the weights and their loss curve where the package has them`

const { values } = parseArgs({
  options: {
    recipe: { type: 'string', default: RECIPES[0] },
    teacher: { type: 'string' },
    work: { type: 'string', default: join(PACKAGE, 'training', 'work') },
    threads: { type: 'string', default: '2' },
    install: { type: 'boolean', default: false },
  },
})
const recipe = RECIPES.find((name): name is RecipeName => name === values.recipe)
if (recipe === undefined || (recipe === 'distilled' && values.teacher === undefined)) {
  process.stderr.write(`${USAGE}\n`)
  process.exit(2)
}
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted; the same command goes on from the checkpoint')))
const folder = join(values.work, recipe)
await mkdir(folder, { recursive: true })
const result = await runRecipe(recipe, {
  folder,
  teacher: values.teacher ?? null,
  threads: Number(values.threads),
  signal: interrupted.signal,
})
process.stderr.write(`weights: ${result.weights}\nlosses:  ${result.losses}\n`)
if (values.install) {
  await copyFile(result.weights, join(PACKAGE, 'weights', 'learned.safetensors'))
  await copyFile(result.losses, join(PACKAGE, 'training', 'losses', `${recipe}.jsonl`))
  const sha256 = createHash('sha256')
    .update(await readFile(result.weights))
    .digest('hex')
  process.stderr.write(`installed; the package's definition (src/index.ts) has to name them: sha256 ${sha256}\n`)
}
