// Runs an exported model on raw pictures with onnxruntime-node and nothing of im-iad: what a user's own program does.
//   node run-exported.mjs MODEL.onnx FOLDER     reads FOLDER/pictures.json, writes FOLDER/<name>.map and prints the scores
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const [model, folder] = process.argv.slice(2)
const session = await InferenceSession.create(model)
const scores = []
for (const { name, width, height } of JSON.parse(await readFile(join(folder, 'pictures.json'), 'utf8'))) {
  const pixels = new Uint8Array(await readFile(join(folder, `${name}.rgb`)))
  const { score, map } = await session.run({ image: new Tensor('uint8', pixels, [1, height, width, 3]) })
  scores.push(score.data[0])
  await writeFile(join(folder, `${name}.map`), new Uint8Array(map.data.buffer, map.data.byteOffset, map.data.byteLength))
}
process.stdout.write(JSON.stringify(scores))
