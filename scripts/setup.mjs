import { setUp } from './steps.mjs'

setUp()
console.error('\nReady: node packages/cli/bin/im-iad.js list')
