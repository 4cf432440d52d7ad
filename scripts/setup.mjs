import { setUp } from './steps.mjs'

setUp({ force: process.argv.includes('--force') })
console.error('\nReady: node packages/cli/bin/im-iad.js list')
