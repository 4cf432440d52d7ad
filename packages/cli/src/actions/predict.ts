import { join, resolve } from 'node:path'
import { ImIadError, visibleText } from '@im-iad/core'
import { loadModel, scorePictures, watchDrift, type Drift, type DriftWatch, type Model, type ScoredPicture } from '@im-iad/predict'
import type { PredictFlags } from '../commands/predict.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { shortNumber } from '../fit/say-threshold.ts'
import { heatMapName, listPictures } from '../predict/list-pictures.ts'
import { PREDICTION_FORMATS } from '../predict/prediction-lines.ts'
import { watchFolder } from '../predict/watch-folder.ts'
import { writeHeatMap } from '../predict/write-heat-map.ts'

/** Pictures between two looks at whether scores have drifted. */
const DRIFT_EVERY = 250

/** `im-iad predict`. */
export async function predictAction(this: ImIadContext, flags: PredictFlags, ...names: readonly string[]): Promise<void> {
  const [folder = '', ...pictures] = names
  if (pictures.length === 0 && flags.watch === undefined) throw nothingToPredict()
  const registry = findPlugins(this, flags.plugin ?? [])
  const { threads, threshold } = flags
  const model = await loadModel(resolve(this.workingDirectory, folder), {
    registry,
    ...(threads === undefined ? {} : { threads }),
    ...(threshold === undefined ? {} : { threshold }),
  })
  try {
    const counts = await decideAll(model, pictures, flags, this)
    sayCounts(counts, model, this)
    if (flags.maps !== undefined && model.description.heat !== null) this.say(`heat maps: ${resolve(this.workingDirectory, flags.maps)}`)
    if (this.signal.aborted && flags.watch === undefined) this.exitWith(130)
    else if (counts.anomalous > 0 && flags.failOn === 'anomalous') this.exitWith(3)
    else if (counts.unreadable > 0 || counts.isCutShort) this.exitWith(1)
  } finally {
    await model.dispose()
  }
}

interface Counts {
  readonly good: number
  readonly anomalous: number
  readonly unreadable: number
  /** Whoever read the output went away before the end. */
  readonly isCutShort: boolean
}

async function decideAll(model: Model, names: readonly string[], flags: PredictFlags, context: ImIadContext): Promise<Counts> {
  const { workingDirectory, signal, process: own, say } = context
  const format = PREDICTION_FORMATS[flags.format]
  const counts = { good: 0, anomalous: 0, unreadable: 0 }
  const watch = watchDrift(model.description, model.threshold)
  let seen = 0
  let told = false
  const at = (path: string): string => resolve(workingDirectory, path)
  await write(own.stdout, format.header)
  for await (const scored of scorePictures(model, pathsOf(names, flags, context), { maps: flags.maps !== undefined, signal })) {
    const shown = shownPath(scored.path, context)
    const heatMap = flags.maps === undefined ? null : await keepHeatMap(model, scored, shown, at(flags.maps))
    const line = format.line({ ...scored, path: shown }, heatMap)
    if (!(await write(own.stdout, line))) return { ...counts, isCutShort: true }
    if (scored.kind === 'unreadable') {
      counts.unreadable++
      say(`unreadable: ${shown}: ${scored.reason}`)
    } else {
      counts[scored.decision]++
      watch.add(scored)
    }
    // A line never ends: it is told as soon as it shows, once.
    if (!told && ++seen % DRIFT_EVERY === 0) told = sayDrift(watch, context)
  }
  if (!told) sayDrift(watch, context)
  return { ...counts, isCutShort: false }
}

function sayDrift(watch: DriftWatch, { say }: ImIadContext): boolean {
  const drift = watch.drift()
  if (drift !== null) say(driftNote(drift))
  return drift !== null
}

/** Absolute paths, since that is what is read; {@link shownPath} takes the working directory away again. */
async function* pathsOf(names: readonly string[], flags: PredictFlags, context: ImIadContext): AsyncGenerator<string> {
  const { workingDirectory, signal } = context
  for await (const path of listPictures(names, { workingDirectory, input: process.stdin })) yield resolve(workingDirectory, path)
  if (flags.watch === undefined) return
  context.say(`watching ${resolve(workingDirectory, flags.watch)}; Ctrl-C ends it`)
  for await (const path of watchFolder(flags.watch, workingDirectory, signal)) yield resolve(workingDirectory, path)
}

function shownPath(path: string, { workingDirectory }: ImIadContext): string {
  const below = join(workingDirectory, '/')
  return path.startsWith(below) ? path.slice(below.length) : path
}

async function keepHeatMap(model: Model, scored: ScoredPicture, shown: string, folder: string): Promise<string | null> {
  const range = model.description.heat
  if (scored.kind !== 'scored' || scored.map === null || range === null) return null
  const file = join(folder, heatMapName(shown))
  await writeHeatMap(scored.path, scored.map, range, file)
  return file
}

/** Waits until it is written, so that lines don't pile up before a slow reader. @returns whether anybody still reads */
function write(stream: NodeJS.WriteStream, text: string): Promise<boolean> {
  if (text === '') return Promise.resolve(true)
  // A name may hold anything; a terminal would obey it.
  const shown = process.stdout.isTTY ? visibleText(text) : text
  return new Promise((done) => stream.write(shown, (error) => done(error === undefined || error === null)))
}

function sayCounts({ good, anomalous, unreadable }: Counts, model: Model, { say }: ImIadContext): void {
  say(
    `threshold ${shortNumber(model.threshold)}: ${good} good, ${anomalous} anomalous${unreadable === 0 ? '' : `, ${unreadable} unreadable: not decided, look at them`}`,
  )
}

function driftNote({ superiority, pValue, level, count, median, medianAtFitting }: Drift): string {
  const direction = superiority > 0.5 ? 'higher' : 'lower'
  return `drift: the scores of ${count} good-looking pictures are ${direction} than those of the good ones at fitting (median ${median.toPrecision(4)}, then ${medianAtFitting.toPrecision(4)}; rank-sum test, p = ${pValue.toPrecision(2)} below ${level}). Light, camera or part may have changed: look at some, and fit again if they are good.`
}

function nothingToPredict(): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_SELECTION',
    what: 'no picture was named',
    fix: 'im-iad predict MODEL PICTURE|FOLDER, or - for paths on standard input, or --watch FOLDER',
  })
}
