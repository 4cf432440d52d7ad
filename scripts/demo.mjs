import { join } from 'node:path'
import { ROOT, setUp, step } from './steps.mjs'

const imIad = join(ROOT, 'packages', 'cli', 'bin', 'im-iad.js')
const runs = join(ROOT, 'runs')
const page = join(runs, 'demo.html')

setUp()
const status = step(
  'Running PatchCore and PaDiM on the embedded data with the embedded backbone (no download)',
  [
    'node',
    imIad,
    'run',
    '-d',
    'synthetic',
    '-a',
    'patchcore,padim',
    '-p',
    'unsupervised',
    '--budget',
    'laptop',
    '--runs',
    runs,
    '--run',
    'demo',
  ],
  'im-iad doctor says what is missing on this machine: node packages/cli/bin/im-iad.js doctor',
)
step(
  'Writing the report',
  ['node', imIad, 'report', 'demo', '--runs', runs, '--html', page],
  'check that the runs folder can be written to',
)
console.error(
  `\nreport:   ${page}\npictures: ${join(runs, 'demo', 'experiments')} (maps/ of each experiment)\n\nYour own pictures next: node packages/cli/bin/im-iad.js run -d folder --data-root DIR -a patchcore --budget laptop`,
)
process.exit(status)
