import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomMaps } from './random-maps.mjs'

/** Writes the maps and masks for a peer: all maps as float32, then all masks as bytes; prints where. */
const [count, size] = process.argv.slice(2).map(Number)
const items = randomMaps({ count, size })
const file = join(tmpdir(), `im-iad-bench-${process.pid}.bin`)
writeFileSync(
  file,
  Buffer.concat([...items.map((item) => Buffer.from(item.map.buffer)), ...items.map((item) => Buffer.from(item.mask.buffer))]),
)
console.log(JSON.stringify({ file: `${file}:${count}:${size}` }))
