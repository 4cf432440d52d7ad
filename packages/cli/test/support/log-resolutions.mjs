import { appendFileSync } from 'node:fs'
import { register } from 'node:module'

/** A module hook that notes the URL of every module that is imported, ES module or CommonJS, in the file that IM_IAD_TEST_LOG names. */
register(import.meta.url)

export async function load(url, context, next) {
  appendFileSync(process.env.IM_IAD_TEST_LOG, `${url}\n`)
  return next(url, context)
}
