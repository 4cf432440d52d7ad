import { join } from 'node:path'
import { isImIadError, type WeightsSource } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../../check.ts'
import { writeEmptyWeights } from '../../fixtures/empty-weights.ts'
import type { BackboneSubject } from '../../subjects/backbone-subject.ts'

type DownloadSource = Extract<WeightsSource, { readonly kind: 'download' }>

/** What holds for backbones whose weights are published. */
export const weightsChecks: readonly Check<BackboneSubject>[] = [
  defineCheck({
    id: 'download-is-described',
    why: 'What is downloaded is known by its hash, and may only be used by its licence.',
    fix: 'state plain file names, an http(s) address, SHA-256 in 64 lower-case digits, the licence, what the weights were trained on, and names of parameters',
    skip: ({ plugin }) => (plugin.weights.kind === 'download' ? null : 'its weights are not downloaded'),
    run({ plugin: { weights } }) {
      if (weights.kind !== 'download') return
      for (const { file, sha256 } of filesOf(weights)) {
        if (!/^\w[\w.+-]*$/.test(file) || file.endsWith('.')) violates(`its file ${JSON.stringify(file)} is not the plain name of a file`)
        if (!/^[0-9a-f]{64}$/.test(sha256)) violates(`the SHA-256 of "${file}" is ${JSON.stringify(sha256)}`)
      }
      const names = filesOf(weights).map(({ file }) => file)
      if (new Set(names).size < names.length) violates(`two of its files have one name: ${names.join(', ')}`)
      if (!/^https?:$/.test(protocolOf(weights.url))) violates(`its address is ${JSON.stringify(weights.url)}`)
      if (weights.license.trim() === '' || weights.trainedOn.trim() === '')
        violates('it does not say its licence, or what it was trained on')
      if (weights.size !== undefined && !(Number.isSafeInteger(weights.size) && weights.size > 0)) violates(`its size is ${weights.size}`)
    },
  }),
  defineCheck({
    id: 'weights-fit-the-network',
    why: 'Weights whose names or shapes are not what the network asks for leave a part of it without them, or fail hours into a run.',
    fix: 'let weightShapes give, for each parameterNames of "weights", what open needs; let open refuse a file that lacks a parameter by an ImIadError that names it',
    requires: ['download-is-described', 'levels-are-declared'],
    skip: ({ plugin: { weights, weightShapes } }) =>
      weights.kind !== 'download' || weightShapes === undefined ? 'it does not say what its weights hold (weightShapes)' : null,
    async run(subject) {
      const { weights } = subject.plugin
      if (weights.kind !== 'download') return
      const namings = new Set(filesOf(weights).map(({ parameterNames = '' }) => parameterNames))
      for (const naming of namings) await checkNaming(subject, naming)
    },
  }),
]

function filesOf(weights: DownloadSource): readonly Pick<DownloadSource, 'file' | 'sha256' | 'parameterNames'>[] {
  return [weights, ...(weights.alternatives ?? [])]
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : ''
}

/** Files that hold exactly what is declared, and all of it but one parameter. */
async function checkNaming({ plugin, scratch }: BackboneSubject, naming: string): Promise<void> {
  const shapes = plugin.weightShapes?.(naming) ?? new Map<string, readonly number[]>()
  if (shapes.size === 0) violates(`weightShapes gives nothing for the names of ${JSON.stringify(naming)}`)
  for (const [name, shape] of shapes)
    if (name === '' || !shape.every((size) => Number.isInteger(size) && size > 0))
      violates(`weightShapes gives ${JSON.stringify(name)} the shape [${shape.join(', ')}]`)
  const folder = await scratch()
  const whole = join(folder, 'whole.safetensors')
  await writeEmptyWeights(whole, shapes)
  const opened = await plugin.open({ weightsFile: whole, threads: 1 }).catch((error: unknown) => {
    violates(`open refuses a file with exactly the parameters of weightShapes(${JSON.stringify(naming)}): ${describeThrown(error)}`)
  })
  await opened.dispose()
  const [left = ''] = [...shapes.keys()].slice(-1)
  const partial = join(folder, 'partial.safetensors')
  await writeEmptyWeights(partial, new Map([...shapes].filter(([name]) => name !== left)))
  const error = await plugin.open({ weightsFile: partial, threads: 1 }).then(
    async (extractor) => {
      await extractor.dispose()
      return violates(`it opens a file without the parameter "${left}"`)
    },
    (thrown: unknown) => thrown,
  )
  if (!isImIadError(error)) return violates(`without the parameter "${left}" it throws ${describeThrown(error)}, not an ImIadError`)
  if (!error.message.includes(left)) violates(`without the parameter "${left}" its error does not name it: ${describeThrown(error)}`)
}
