import { ImIadError } from '@im-iad/errors'
import type sharpModule from 'sharp'

export type Sharp = typeof sharpModule

let loading: Promise<Sharp> | null = null

/**
 * Loads sharp, the first time it is needed, without its cache of decoded pictures: each is decoded once, and a cache would only hold memory.
 * @throws ImIadError IM_IAD_E_SHARP with what to do, when its native library can't be loaded
 */
export function loadSharp(): Promise<Sharp> {
  loading ??= load()
  return loading
}

async function load(): Promise<Sharp> {
  try {
    const { default: sharp } = await import('sharp')
    sharp.cache(false)
    // Several pictures are decoded at a time; threads within one of them only get in each other's way.
    sharp.concurrency(1)
    return sharp
  } catch (error) {
    throw new ImIadError({
      code: 'IM_IAD_E_SHARP',
      what: 'cannot load sharp, which decodes images',
      found: `Node ${process.version} on ${process.platform}-${process.arch}`,
      problem: error instanceof Error ? error.message : String(error),
      fix: 'npm i --include=optional sharp',
      cause: error,
    })
  }
}

/** One line for people: the versions of sharp and of the library below it. */
export async function describeDecoder(): Promise<string> {
  const sharp = await loadSharp()
  return `${sharp.versions.sharp} with libvips ${sharp.versions.vips}`
}
