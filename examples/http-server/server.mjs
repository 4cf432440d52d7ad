import { loadModel } from '@im-iad/predict'
import { createApp } from './app.mjs'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: node server.mjs MODEL    (HOST and PORT from the environment; 127.0.0.1 and 3000 when absent)')
  process.exit(2)
}
// 40 megapixels: a small file may announce a picture that fills all memory.
const model = await loadModel(folder, { maximumPixels: 40_000_000 })
const app = createApp(model)
// Loopback only, unless somebody says otherwise: there is no authentication here.
const address = await app.listen({ host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 3000) })
console.log(`listening on ${address}`)

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    await app.close()
    await model.dispose()
  })
