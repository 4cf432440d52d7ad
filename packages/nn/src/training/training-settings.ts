/** What a training was asked for, by names that a user knows; the values can be written as JSON. */
export type TrainingSettings = Readonly<Record<string, unknown>>

/** Every setting that is not the same, a phrase each: `learningRate is 0.4 in the checkpoint, 0.1 here`. */
export function differingSettings(saved: TrainingSettings, current: TrainingSettings): readonly string[] {
  const names = [...new Set([...Object.keys(current), ...Object.keys(saved)])]
  return names.flatMap((name) => {
    const [before, now] = [describe(saved[name]), describe(current[name])]
    return before === now ? [] : [`${name} is ${before} in the checkpoint, ${now} here`]
  })
}

function describe(value: unknown): string {
  return JSON.stringify(value) ?? 'absent'
}
