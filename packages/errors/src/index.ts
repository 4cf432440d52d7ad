export { ImIadError, isImIadError, type ErrorFacts } from './im-iad-error.ts'
export { nearest } from './nearest.ts'
export { visibleLine, visibleText } from './visible-text.ts'
