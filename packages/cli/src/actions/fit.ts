import { resolve } from 'node:path'
import { chooseAlgorithm, fitAlgorithm, type ModelDescription } from '@im-iad/predict'
import type { FitCommandFlags } from '../commands/fit.ts'
import type { ImIadContext } from '../context.ts'
import { afterLooking, noUseForTextures, openFit, type OpenedFit } from '../fit/open-fit.ts'
import { detectionText, shortNumber } from '../fit/say-threshold.ts'
import { showFitProgress } from '../fit/show-fit-progress.ts'
import { unlessInterrupted } from '../fit/unless-interrupted.ts'
import { labelled, lineWidth } from '../labelled.ts'

/** `im-iad fit`. */
export async function fitAction(this: ImIadContext, flags: FitCommandFlags, folder?: string): Promise<void> {
  await unlessInterrupted(this, async () => {
    const { description, warnings } = await fit(folder, flags, this)
    const path = resolve(this.workingDirectory, flags.out)
    for (const warning of warnings) this.say(`warning: ${warning}`)
    const { algorithm, threshold, data, textures } = description
    if (flags.json)
      return this.print(
        JSON.stringify({
          schema: description.schema,
          algorithm: algorithm.id,
          model: path,
          threshold: threshold.value,
          statement: threshold.statement,
          detection: threshold.detection,
          data,
          textures,
          warnings,
        }),
      )
    const line = (label: string, text: string): void => this.print(labelled(label, text, lineWidth(this.process.stdout)))
    line('model', path)
    line('algorithm', `${algorithm.id}, fitted on ${data.trained} good pictures`)
    if (textures !== null) line('textures', `SHA-256 ${textures}`)
    line('threshold', `${shortNumber(threshold.value)}: what scores above it is anomalous`)
    line('', threshold.statement)
    line('finds', detectionText(threshold))
    this.say(`decide with it: im-iad predict ${flags.out} PICTURES`)
  })
}

async function fit(
  folder: string | undefined,
  flags: FitCommandFlags,
  context: ImIadContext,
): Promise<{ readonly description: ModelDescription; readonly warnings: readonly string[] }> {
  const progress = showFitProgress(context)
  try {
    const opened = await openFit(folder, flags, context, progress)
    const description = await fitOpened(opened, flags, context, progress.update)
    const isUnused = opened.textures !== null && description.textures === null
    return { description, warnings: [...opened.warnings, ...(isUnused ? [noUseForTextures([description.algorithm.id])] : [])] }
  } finally {
    progress.close()
  }
}

async function fitOpened(
  { registry, settings, prepared, textures }: OpenedFit,
  flags: FitCommandFlags,
  { workingDirectory, signal }: ImIadContext,
  update: (fraction: number, stage: string) => void,
): Promise<ModelDescription> {
  const { budget, seed, threads } = flags
  const fitted = await fitAlgorithm({
    prepared,
    chosen: await chooseAlgorithm({ registry, id: flags.algorithm, budget, settings }),
    goal: { rate: flags.falseReject, confidence: flags.confidence },
    budget,
    seed,
    ...(threads === undefined ? {} : { threads }),
    textures,
    folder: resolve(workingDirectory, flags.out),
    keepGoodMaps: 0,
    isolation: flags.inProcess ? 'in-process' : 'child-process',
    listener: { onProgress: ({ fraction, stage }) => update(afterLooking(fraction), stage), onLog: () => undefined, signal },
  })
  try {
    return await fitted.save()
  } finally {
    await fitted.close()
  }
}
