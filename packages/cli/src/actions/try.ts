import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ImIadError } from '@im-iad/core'
import { roughTime, tryAlgorithms, type Trial } from '@im-iad/predict'
import { writeTrialPage } from '@im-iad/report'
import type { DecisionCosts } from '@im-iad/thresholds'
import type { TryFlags } from '../commands/try.ts'
import type { ImIadContext } from '../context.ts'
import { lineWidth } from '../labelled.ts'
import { afterLooking, noUseForTextures, openFit, type OpenedFit } from '../fit/open-fit.ts'
import { showFitProgress } from '../fit/show-fit-progress.ts'
import { unlessInterrupted } from '../fit/unless-interrupted.ts'
import { trialDocument } from '../trial/trial-document.ts'
import { trialPage } from '../trial/trial-page.ts'
import { trialText } from '../trial/trial-text.ts'

/** `im-iad try`. */
export async function tryAction(this: ImIadContext, flags: TryFlags, folder?: string): Promise<void> {
  await unlessInterrupted(this, async () => {
    const started = performance.now()
    const out = resolve(
      this.workingDirectory,
      flags.out ?? `${basename(resolve(this.workingDirectory, folder ?? flags.dataRoot ?? flags.dataset))}-try`,
    )
    await checkOutput(out)
    const { trial, opened } = await carryOut(folder, flags, out, this)
    try {
      const seconds = (performance.now() - started) / 1000
      const shown = { trial, opened, out, seconds, flags }
      const document = JSON.stringify(trialDocument(shown), null, 2)
      await writeFile(join(out, 'try.json'), `${document}\n`)
      await writeTrialPage(trialPage(shown), join(out, 'report.html'))
      for (const warning of [...opened.warnings, ...unusedTextures(opened, trial)]) this.say(`warning: ${warning}`)
      this.print(flags.json ? document : trialText(shown, lineWidth(this.process.stdout)))
    } finally {
      await trial.close()
    }
  })
}

async function carryOut(
  folder: string | undefined,
  flags: TryFlags,
  out: string,
  context: ImIadContext,
): Promise<{ readonly trial: Trial; readonly opened: OpenedFit }> {
  const progress = showFitProgress(context)
  try {
    const opened = await openFit(folder, flags, context, progress)
    await mkdir(out, { recursive: true })
    const { budget, seed, threads } = flags
    const trial = await tryAlgorithms({
      ...opened,
      budget,
      wanted: flags.algorithm ?? null,
      goal: { rate: flags.falseReject, confidence: flags.confidence },
      costs: decisionCosts(flags),
      seed,
      ...(threads === undefined ? {} : { threads }),
      folder: join(out, 'model'),
      onPicked: (ids, seconds) => progress.say(pickedText(ids, seconds)),
      isolation: flags.inProcess ? 'in-process' : 'child-process',
      listener: {
        onProgress: ({ fraction, stage }) => progress.update(afterLooking(fraction), stage),
        onLog: () => undefined,
        signal: context.signal,
      },
    })
    return { trial, opened }
  } finally {
    progress.close()
  }
}

/** Before anything takes long: what was chosen, and whether to wait for it. */
function pickedText(ids: readonly string[], seconds: number): string {
  const about = Number.isFinite(seconds) ? `about ${roughTime(seconds)} on two cores` : 'nobody says how long it takes'
  return `trying ${ids.join(' and ')}: ${about}`
}

function decisionCosts({ costMiss, costFalseAlarm, badShare }: TryFlags): DecisionCosts | null {
  if (costMiss === undefined && costFalseAlarm === undefined) return null
  if (costMiss !== undefined && costFalseAlarm !== undefined)
    return { miss: costMiss, falseAlarm: costFalseAlarm, badShare: badShare ?? 0.01 }
  throw new ImIadError({
    code: 'IM_IAD_E_SELECTION',
    what: 'one cost says nothing without the other',
    fix: 'give both --cost-miss and --cost-false-alarm, in the same unit',
  })
}

function unusedTextures({ textures }: OpenedFit, { tried }: Trial): readonly string[] {
  if (textures === null || tried.some(({ chosen }) => chosen.plugin.needs.textures === true)) return []
  return [noUseForTextures(tried.map(({ chosen }) => chosen.plugin.id))]
}

/** What an earlier `try` wrote is replaced, nothing else. */
async function checkOutput(out: string): Promise<void> {
  const entries = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const isOurs =
    entries.length === 0 ||
    (await stat(join(out, 'try.json')).then(
      () => true,
      () => false,
    ))
  if (isOurs) return
  throw new ImIadError({
    code: 'IM_IAD_E_OUTPUT',
    what: 'the output folder holds something else',
    found: out,
    problem: 'only an empty folder, or one that "im-iad try" wrote before, is used',
    fix: 'name another one with --out',
  })
}
