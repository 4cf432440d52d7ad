export { ImIadError, isImIadError, type ErrorFacts } from './im-iad-error.ts'
export { nearest } from './nearest.ts'
