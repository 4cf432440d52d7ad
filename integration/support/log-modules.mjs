import { appendFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'

/**
 * Preloaded by `--import`: notes the URL of every module of this process in the file that IM_IAD_TEST_LOG names. ES modules are noted by a hook as they load; CommonJS
 * modules and native addons, which hooks of Node 20 don't all see, when the process ends.
 */
const note = (urls) => appendFileSync(process.env.IM_IAD_TEST_LOG, urls.map((url) => `${url}\n`).join(''))

if (isMainThread) {
  register(import.meta.url)
  const { cache } = createRequire(import.meta.url)
  process.once('exit', () => note(Object.keys(cache).map((path) => pathToFileURL(path).href)))
}

export function load(url, context, next) {
  note([url])
  return next(url, context)
}
