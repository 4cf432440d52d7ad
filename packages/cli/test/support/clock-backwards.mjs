// Preloaded with --import: every look at the clock shows ten seconds less than the last.
const RealDate = Date
let now = RealDate.now()
const earlier = () => (now -= 10_000)

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(earlier())
    else super(...given)
  }

  static now() {
    return earlier()
  }
}
