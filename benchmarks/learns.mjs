import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { summarize, tableOf } from './support/learning-table.mjs'

const IM_IAD = fileURLToPath(new URL('../packages/cli/bin/im-iad.js', import.meta.url))

const DEFAULTS = {
  algorithms: 'stpm,devnet,draem,patchcore,padim',
  /** Of synthetic the first three in alphabetical order. */
  datasets: 'synthetic:brushed+lozenge+terrazzo,mtd,folder@mvtec-ad:grid',
  seeds: '0,1,2',
  budget: 'laptop',
  backbone: '',
  set: '',
  runs: '',
}

/**
 * Does training help? Every algorithm on every dataset as it is, with 0 epochs where it has epochs, and with permuted labels where it learns from labels (`permuteLabels`).
 *
 *     npm run bench -- learns --algorithms=stpm,padim --datasets=synthetic:brushed+weave,mtd --seeds=0,1,2 [--budget=laptop] [--backbone=efficientnet-lite0] [--set=stpm.stepLimit=200] [--runs=DIR]
 *
 * A dataset is `ID[@FOLDER][:CATEGORY+CATEGORY…]`, the folder within `IM_IAD_DATA`. With `--runs` a second call goes on where the first one stopped. `--quick`: one seed, one synthetic category.
 * @returns {Promise<{name: string, value: number, unit: string, target: string, details: object}>}
 */
export async function bench({ quick, log }) {
  const options = { ...DEFAULTS, ...(quick && { datasets: 'synthetic:brushed', seeds: '0' }), ...given() }
  const runs = options.runs === '' ? mkdtempSync(join(tmpdir(), 'im-iad-learns-')) : resolve(options.runs)
  mkdirSync(runs, { recursive: true })
  const rows = []
  for (const dataset of options.datasets.split(','))
    for (const algorithm of options.algorithms.split(',')) {
      const known = await describe(algorithm)
      for (const variant of variantsOf(known)) {
        const experiments = await run({ options, runs, dataset, known, variant })
        if (experiments === null) {
          log(`${dataset}: not there, left out`)
          break
        }
        const row = { dataset, algorithm, variant: variant.name, ...summarize(experiments) }
        rows.push(row)
        log(`${dataset} ${algorithm} ${variant.name}: image AUROC ${row['image.auroc']?.mean.toFixed(3) ?? '–'}`)
      }
    }
  log(tableOf(rows))
  const gains = rows.flatMap((row) => gainOf(row, rows))
  return {
    name: 'learns',
    value: Math.min(...gains),
    unit: 'of image AUROC gained by training, the least over algorithms and datasets',
    target: 'at least 0.05, and 0.70 reached on the synthetic categories',
    details: { runs, options, rows },
  }
}

/** `--name=value` of the command line. */
function given() {
  return Object.fromEntries(
    Object.keys(DEFAULTS).flatMap((name) => {
      const found = process.argv.find((argument) => argument.startsWith(`--${name}=`))
      return found === undefined ? [] : [[name, found.slice(name.length + 3)]]
    }),
  )
}

async function describe(algorithm) {
  const { code, output } = await imIad(['info', algorithm, '--json'])
  if (code !== 0) throw new Error(`im-iad info ${algorithm} failed`)
  return JSON.parse(output)
}

function variantsOf({ id, parameters }) {
  const has = (name) => parameters.some((parameter) => parameter.name === name)
  return [
    { name: 'trained', settings: [] },
    ...(has('epochs') ? [{ name: 'untrained', settings: [`${id}.epochs=0`] }] : []),
    ...(has('permuteLabels') ? [{ name: 'permuted labels', settings: [`${id}.permuteLabels=true`] }] : []),
  ]
}

/** All experiments of one row, or `null` where the data is not there. */
async function run({ options, runs, dataset, known, variant }) {
  const [place, categories] = dataset.split(':')
  const [id, folder = ''] = place.split('@')
  const flags = ['-d', id, '-a', known.id, '-p', known.supervision === 'none' ? 'unsupervised' : 'fully-supervised']
  if (categories !== undefined) flags.push('-c', categories.split('+').join(','))
  const takesBackbone = known.needs?.backbones?.includes('backbone')
  const settings = [
    ...variant.settings,
    ...(options.backbone !== '' && takesBackbone ? [`${known.id}.backbone=${options.backbone}`] : []),
    ...options.set.split(';').filter((setting) => setting.startsWith(`${known.id}.`)),
  ]
  for (const setting of settings) flags.push('--set', setting)
  const name = [id, categories, known.id, variant.name, options.budget, options.backbone].filter(Boolean).join('-')
  const { code, output, errors } = await imIad([
    'run',
    ...flags,
    '--seeds',
    options.seeds,
    '--budget',
    options.budget,
    '--runs',
    runs,
    '--run',
    name.replaceAll(/[^a-z0-9-]+/gi, '-'),
    '--data-root',
    resolve(process.env.IM_IAD_DATA ?? '../shared/data', folder),
    // A training's last digits depend on the number of threads.
    '--threads',
    '1',
    '--maps',
    'none',
    '--json',
  ])
  if (code === 2 && errors.includes('[IM_IAD_E_DATA_ROOT]')) return null
  if (code !== 0) throw new Error(`im-iad run of ${dataset} ${known.id} ended with ${code}:\n${errors}`)
  return JSON.parse(output).experiments
}

function gainOf({ dataset, algorithm, variant, ...row }, rows) {
  const untrained = rows.find((other) => other.dataset === dataset && other.algorithm === algorithm && other.variant === 'untrained')
  if (variant !== 'trained' || untrained === undefined) return []
  return [row['image.auroc'].mean - untrained['image.auroc'].mean]
}

function imIad(parameters) {
  const child = spawn(process.execPath, [IM_IAD, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  return new Promise((done) => child.once('close', (code) => done({ code, output, errors })))
}
