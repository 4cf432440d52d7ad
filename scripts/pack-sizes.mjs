import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectedFiles, packAll } from './packed-files.mjs'

/** Packs every package as it would be published, prints each archive's size, and fails when one holds anything but what it should. */
const folder = mkdtempSync(join(tmpdir(), 'im-iad-pack-'))
try {
  const archives = packAll(folder)
  const faults = archives.flatMap(({ folder: source, name, files }) => {
    const expected = expectedFiles(source)
    return [
      ...files.filter((file) => !expected.includes(file)).map((file) => `${name} would publish ${file}`),
      ...expected.filter((file) => !files.includes(file)).map((file) => `${name} would lack ${file}`),
    ]
  })
  const width = Math.max(...archives.map(({ name }) => name.length))
  for (const { name, bytes, files } of archives)
    console.log(`${name.padEnd(width)}  ${(bytes / 1024).toFixed(1).padStart(7)} kB  ${String(files.length).padStart(4)} files`)
  console.log(`${'all'.padEnd(width)}  ${(archives.reduce((sum, { bytes }) => sum + bytes, 0) / 1024).toFixed(1).padStart(7)} kB`)
  if (faults.length > 0) {
    console.error(
      `\n${faults.join('\n')}\n  fix:     delete that package's dist and build it again (npm run setup), or correct "files" in its package.json`,
    )
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}
