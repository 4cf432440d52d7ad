/** Loads items in order, some of them ahead of the one that is being worked on. When the consumer stops early, what is still loading is forgotten. */
export async function* readAhead<Item, Loaded>(
  items: Iterable<Item>,
  load: (item: Item) => Promise<Loaded>,
  ahead: number,
): AsyncGenerator<readonly [Item, Loaded]> {
  const queue: { readonly item: Item; readonly loading: Promise<Loaded> }[] = []
  for (const item of items) {
    const loading = load(item)
    // Handled where it is awaited; a failure before that must not end the process.
    loading.catch(() => {})
    queue.push({ item, loading })
    const next = queue.length > ahead ? queue.shift() : undefined
    if (next !== undefined) yield [next.item, await next.loading]
  }
  for (const { item, loading } of queue) yield [item, await loading]
}
