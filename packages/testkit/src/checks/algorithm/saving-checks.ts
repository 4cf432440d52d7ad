import { lstat, mkdir, readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { FitRequest } from '@im-iad/core'
import { defineCheck, violates, type Check } from '../../check.ts'
import { differenceInBytes } from '../../compare-predictions.ts'
import { auxiliaryInput, trainingInput } from '../../fixtures/algorithm-input.ts'
import { trainingSamples } from '../../fixtures/training-samples.ts'
import type { AlgorithmSubject } from '../../subjects/algorithm-subject.ts'

/** Endings of files that some program runs when it opens them. */
const EXECUTED = /\.(js|mjs|cjs|ts|mts|jsx|py|pyc|sh|bash|ps1|bat|cmd|exe|dll|so|dylib|node|wasm|jar|pkl|pickle|pt|pth|rb|pl|html?)$/i

/** How a model is kept. */
export const savingChecks: readonly Check<AlgorithmSubject>[] = [
  defineCheck({
    id: 'loads-in-a-new-process',
    why: 'A model is fitted today and used tomorrow, by another process: what save forgets is noticed then.',
    fix: 'write everything that predict needs in save and read it in load; keep nothing in module variables',
    requires: ['fits-and-predicts'],
    async run({ prediction, processReport }) {
      const expected = await prediction()
      const { reloaded, failure } = await processReport()
      if (reloaded === null) return violates(failure ?? 'save fails')
      if (reloaded.kind === 'error') return violates(`in a new process it throws ${reloaded.message}`)
      const difference = differenceInBytes(expected, reloaded.prediction)
      if (difference !== null) violates(`here and after load in a new process: ${difference}`)
    },
  }),
  defineCheck({
    id: 'learns-on-after-loading',
    why: 'An experiment over several tasks that was killed goes on from the model that was saved between them, and must come to the same numbers.',
    fix: 'save what the next fit starts from as well (weights that are trained on, a memory that is added to), start every fit anew, or do not declare "learnsOnAfterLoading"',
    requires: ['loads-in-a-new-process', 'fit-twice-is-the-next-task', 'same-seed-same-bytes'],
    skip: ({ plugin }) => (plugin.learnsOnAfterLoading === true ? null : 'it does not declare "learnsOnAfterLoading"'),
    async run({ plugin, create, scratch }) {
      const [kept, loaded] = [await create(), await create()]
      const next = (): FitRequest => {
        const samples = trainingSamples(trainingInput(plugin, kept.size, 300), kept.size)
        const auxiliary = trainingSamples(auxiliaryInput(plugin, kept.size), kept.size)
        return kept.request({ task: 'another part', samples, auxiliary })
      }
      await kept.instance.fit(kept.request())
      const folder = await scratch()
      await kept.instance.save(folder)
      await loaded.instance.load(folder)
      await kept.instance.fit(next())
      await loaded.instance.fit(next())
      const expected = structuredClone(await kept.instance.predict(kept.batch()))
      const difference = differenceInBytes(expected, await loaded.instance.predict(loaded.batch()))
      if (difference !== null) violates(`after the next task, in the model itself and in one that was loaded before it: ${difference}`)
    },
  }),
  defineCheck({
    id: 'saves-inside-its-folder',
    why: 'A model folder is moved, packed and sent: what lies elsewhere is lost, and what is written elsewhere may hurt.',
    fix: 'write below the folder that save is given, and nowhere else',
    requires: ['fits-and-predicts'],
    async run({ fitted, scratch }) {
      const { instance } = await fitted()
      const around = await scratch()
      const folder = join(around, 'inner', 'model')
      await mkdir(folder, { recursive: true })
      const here = await readdir(process.cwd())
      await instance.save(folder)
      const outside = (await filesBelow(around)).filter((file) => relative(folder, join(around, file)).startsWith('..'))
      if (outside.length > 0) violates(`save writes ${outside.join(', ')} beside its folder`)
      const strewn = (await readdir(process.cwd())).filter((name) => !here.includes(name))
      if (strewn.length > 0) violates(`save writes ${strewn.join(', ')} into the working directory`)
    },
  }),
  defineCheck({
    id: 'saves-data-only',
    why: 'Models are exchanged between strangers: opening one must never run anything.',
    fix: 'write safetensors, JSON, ONNX or plain numbers; no scripts, pickles, links or executable files',
    requires: ['fits-and-predicts'],
    async run({ fitted, scratch }) {
      const { instance } = await fitted()
      const folder = await scratch()
      await instance.save(folder)
      for (const file of await filesBelow(folder)) {
        const problem = await programFault(join(folder, file))
        if (problem !== null) violates(`save writes ${file}, ${problem}`)
      }
    },
  }),
  defineCheck({
    id: 'refuses-an-empty-folder',
    why: 'A model that was loaded from nothing predicts nonsense.',
    fix: 'throw from load when the folder holds no model, naming the file that is missing',
    requires: ['budgets-resolve', 'input-is-a-geometry'],
    async run({ create, scratch }) {
      const { instance } = await create()
      const folder = await scratch()
      const refused = await instance.load(folder).then(
        () => false,
        () => true,
      )
      if (!refused) violates('load of an empty folder goes through')
    },
  }),
]

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

/** Why a file is more than data, or `null`. */
async function programFault(path: string): Promise<string | null> {
  if (EXECUTED.test(path)) return 'which some program runs'
  const found = await lstat(path).catch(() => null)
  if (found === null || !found.isFile()) return 'which is no plain file'
  if (process.platform !== 'win32' && (found.mode & 0o111) !== 0) return 'which is marked as executable'
  const start = (await readFile(path)).subarray(0, 2)
  if (start.toString('latin1') === '#!') return 'which is a script'
  // Protocol 2 to 5 of Python's pickle.
  if (start[0] === 0x80 && start[1] >= 2 && start[1] <= 5) return 'which is a pickle'
  return null
}
