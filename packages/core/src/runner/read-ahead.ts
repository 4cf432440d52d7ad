/** The values of `read` for 0…count-1, in order, with up to `ahead` further ones already being read. */
export async function* readAhead<Value>(count: number, ahead: number, read: (index: number) => Promise<Value>): AsyncGenerator<Value> {
  const pending: Promise<Value>[] = []
  let next = 0
  const fill = (): void => {
    while (next < count && pending.length <= ahead) {
      const value = read(next++)
      // Awaited in its turn; until then a failure must not count as unhandled.
      value.catch(() => undefined)
      pending.push(value)
    }
  }
  fill()
  for (let value = pending.shift(); value !== undefined; value = pending.shift()) {
    const settled = await value
    fill()
    yield settled
  }
}
