import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

/**
 * Declares a plugin's parameters once: validates them, fills in defaults and describes itself as JSON Schema for `--help` and the record.
 * Any library that implements Standard Schema and Standard JSON Schema will do; first-party plugins use zod (`z.strictObject`).
 * Every parameter has a default, so that `{}` is valid; validation is synchronous.
 */
export interface ParameterSchema<Parameters = unknown> {
  readonly '~standard': StandardSchemaV1.Props<unknown, Parameters> & StandardJSONSchemaV1.Props<unknown, Parameters>
}
