/** Seconds by stage: of pieces of work, and of stretches between marks. Waiting inside a stretch is taken off it. */
export function openStages() {
  const milliseconds = new Map()
  const add = (stage, amount) => milliseconds.set(stage, (milliseconds.get(stage) ?? 0) + amount)
  let current = { stage: null, since: 0 }
  const mark = (stage) => {
    const now = performance.now()
    if (current.stage !== null) add(current.stage, now - current.since)
    current = { stage, since: now }
  }
  const time = async (stage, work) => {
    const start = performance.now()
    try {
      return await work()
    } finally {
      add(stage, performance.now() - start)
    }
  }
  return {
    add,
    /** Ends the stretch and begins the next; `null` begins none. */
    mark,
    time,
    /** What of a piece of work its own measured parts leave over. */
    async rest(stage, prefix, work) {
      const parts = () => [...milliseconds].reduce((sum, [name, amount]) => sum + (name.startsWith(prefix) ? amount : 0), 0)
      const [start, before] = [performance.now(), parts()]
      const result = await work()
      add(stage, performance.now() - start - (parts() - before))
      return result
    },
    /** A sequence whose reader's waiting is a stage of its own. */
    async *waitedFor(stage, sequence) {
      const reading = sequence[Symbol.asyncIterator]()
      for (;;) {
        const outer = current.stage
        mark(stage)
        const { value, done } = await reading.next()
        mark(outer)
        if (done) return
        yield value
      }
    },
    seconds: () => Object.fromEntries([...milliseconds].map(([stage, amount]) => [stage, amount / 1000])),
  }
}
