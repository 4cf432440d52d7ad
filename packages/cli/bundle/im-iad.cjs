#!/usr/bin/env node
// Starts the im-iad of this bundle. Named without an ending in a bundle, so CommonJS.
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const bundle = join(__dirname, '..')
if (!process.env.IM_IAD_HOME) process.env.IM_IAD_HOME = join(bundle, 'home')
import(pathToFileURL(join(bundle, 'node_modules', '@im-iad', 'cli', 'bin', 'im-iad.js')).href)
