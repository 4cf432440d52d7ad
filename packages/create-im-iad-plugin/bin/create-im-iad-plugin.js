#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`create-im-iad-plugin: Node ${process.versions.node} is too old\n  fix:     install Node 20.19 or newer\n`)
  process.exit(2)
}
const { main } = await import('../dist/main.js')
await main(process.argv.slice(2))
