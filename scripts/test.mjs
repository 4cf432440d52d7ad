import { pnpm, setUp, step } from './steps.mjs'

const long = process.argv.includes('--long')
const chosen = process.argv.slice(2).filter((argument) => argument !== '--long')

setUp()
if (long)
  step(
    'Running the long tests',
    pnpm('exec', 'vitest', 'run', '--config', 'vitest.long.config.ts', ...chosen),
    'read the failures above; npm run test:long -- FILE runs one file',
  )
else step('Running the tests', pnpm('exec', 'vitest', 'run', ...chosen), 'read the failures above; npm test -- FILE runs one file')
