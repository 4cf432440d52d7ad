/**
 * `map(item)` for each item, in order, with up to `ahead` further items already being worked on; a result is passed on as soon as it is there, even while the source is
 * waiting for its next item. Items are only taken when there is room for them, so a source of any length takes no more memory than a short one.
 */
export async function* mapAhead<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  ahead: number,
  map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const take = async (): Promise<IteratorResult<Item, unknown>> => iterator.next()
  const pending: Promise<Result>[] = []
  let next: Promise<IteratorResult<Item, unknown>> | null = take()
  try {
    for (;;) {
      const [first] = pending
      if (next === null && first === undefined) return
      if (first !== undefined && (next === null || pending.length > ahead || (await isSettledBefore(first, next)))) {
        pending.shift()
        yield await first
        continue
      }
      const taken: IteratorResult<Item, unknown> = await (next ?? take())
      if (taken.done === true) {
        next = null
        continue
      }
      const result = map(taken.value)
      // Awaited in its turn; until then a failure must not count as unhandled.
      result.catch(() => undefined)
      pending.push(result)
      next = take()
      next.catch(() => undefined)
    }
  } finally {
    await iterator.return?.()
  }
}

/** Waits for the earlier of the two. */
function isSettledBefore(first: Promise<unknown>, second: Promise<unknown>): Promise<boolean> {
  return Promise.race(
    [first, second].map((promise, index) =>
      promise.then(
        () => index === 0,
        () => index === 0,
      ),
    ),
  )
}
