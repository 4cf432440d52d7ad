import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadModel } from '@im-iad/predict'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fitSmall, registry } from '../../../packages/predict/test/support/fit-small.ts'
import { pictureFolder } from '../../../packages/predict/test/support/pictures.ts'
import { createApp } from '../app.mjs'

let root
let model
let app

beforeAll(async () => {
  root = await pictureFolder({ good: 8, bad: 2 })
  model = await loadModel((await fitSmall(root)).folder, { registry, maximumPixels: 10_000 })
  app = createApp(model, { maximumBytes: 100_000 })
})

afterAll(async () => {
  await app.close()
  await model.dispose()
})

const post = (payload, type = 'image/png') =>
  app.inject({ method: 'POST', url: '/score', payload, ...(type === null ? {} : { headers: { 'content-type': type } }) })

describe('the HTTP example', () => {
  it('decides as the model does', async () => {
    const path = join(root, 'bad/000.png')
    const answer = await post(await readFile(path))
    expect(answer.statusCode).toBe(200)
    const { score, decision } = await model.score(path)
    expect(answer.json()).toEqual({ score, decision, threshold: model.threshold })
  })

  it('says that it is there', async () => {
    expect((await app.inject('/health')).json()).toEqual({ algorithm: 'padim', threshold: model.threshold })
  })

  it.each([
    ['no body', 400, () => post(undefined, null)],
    ['an empty body', 400, () => post(Buffer.alloc(0))],
    ['no picture', 422, () => post(Buffer.from('hello'))],
    ['half a picture', 422, async () => post((await readFile(join(root, 'good/000.png'))).subarray(0, 300))],
    ['a header that announces too many pixels', 422, () => post(hugePng())],
    ['too many bytes', 413, () => post(Buffer.alloc(100_001))],
    ['JSON', 415, () => post('{"a":1}', 'application/json')],
    ['a form', 415, () => post('a=1', 'application/x-www-form-urlencoded')],
    ['an unknown page', 404, () => app.inject('/admin')],
    ['a query by GET', 404, () => app.inject('/score')],
  ])('answers %s with %i, and no decision', async (_, code, send) => {
    const answer = await send()
    expect(answer.statusCode).toBe(code)
    expect(answer.json()).not.toHaveProperty('decision')
  })

  it('turns uploads away when too many wait', async () => {
    const busy = createApp({ ...model, score: () => new Promise(() => undefined) }, { maximumWaiting: 1 })
    const first = busy.inject({ method: 'POST', url: '/score', payload: Buffer.from('a'), headers: { 'content-type': 'image/png' } })
    first.catch(() => undefined)
    await new Promise((done) => setTimeout(done, 50))
    const second = await busy.inject({ method: 'POST', url: '/score', payload: Buffer.from('a'), headers: { 'content-type': 'image/png' } })
    expect(second.statusCode).toBe(503)
    expect(second.headers['retry-after']).toBe('1')
  })
})

/** The first 33 bytes of a PNG of 60000x60000 pixels, with a right checksum. */
function hugePng() {
  return Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea600802000000', 'hex')
}
