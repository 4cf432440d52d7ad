/**
 * Runs items in batches of what is waiting: one alone at once, many together. One batch at a time, in order.
 * @param run - gives one result per item; when it throws, every item of that batch fails
 */
export function createMicroBatches<Item, Result>(
  size: number,
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: {
    readonly item: Item
    readonly resolve: (result: Result) => void
    readonly reject: (error: unknown) => void
  }[] = []
  let working = false
  const work = async (): Promise<void> => {
    working = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, size)
      try {
        const results = await run(batch.map(({ item }) => item))
        for (const [index, { resolve, reject }] of batch.entries()) {
          const result = results[index]
          if (result === undefined) reject(new RangeError(`${results.length} results for ${batch.length} items`))
          else resolve(result)
        }
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    working = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!working) void work()
    })
}
