import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './steps.mjs'

const folder = join(ROOT, 'benchmarks')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => basename(file, '.mjs'))
const parameters = process.argv.slice(2)
const chosen = parameters.filter((parameter) => !parameter.startsWith('--'))
const unknown = chosen.find((name) => !names.includes(name))
if (chosen.length === 0 || unknown !== undefined) {
  console.error(
    `${unknown === undefined ? 'no benchmark was chosen' : `there is no benchmark "${unknown}"`}\n  fix:     npm run bench -- NAME [--json] [--quick] [--peer], with NAME of ${names.join(', ')}`,
  )
  process.exit(2)
}
for (const name of chosen) {
  const { bench } = await import(pathToFileURL(join(folder, `${name}.mjs`)).href)
  const result = await bench({
    quick: parameters.includes('--quick'),
    peer: parameters.includes('--peer'),
    log: (line) => console.error(line),
  })
  if (parameters.includes('--json')) console.log(JSON.stringify(result))
  else
    console.log(
      `${result.name}: ${(result.ratio ?? result.value).toPrecision(3)} ${result.unit} (target ${result.target})\n${JSON.stringify(result.details, null, 2)}`,
    )
}
