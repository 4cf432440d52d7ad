/** The page's style: system fonts, light and dark by the reader's choice, one column on a phone, black on white on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2127; --soft: #5b6571; --line: #dde2e8; --ground: #ffffff; --card: #f6f8fa; --accent: #0b63ce; --warn: #9a5b00; --bad: #b3261e; --good: #2f7d4f; --normal: #4c7fb8; --anomalous: #d0632b }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa4b0; --line: #343b44; --ground: #14181d; --card: #1c2229; --accent: #6db0ff; --warn: #e0a64f; --bad: #ff8a80; --good: #7ccf9b; --normal: #77a9e0; --anomalous: #f0915c } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif }
main { overflow-wrap: anywhere; max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.7rem; margin: 0 0 .25rem } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem } h3 { font-size: 1rem; margin: 1.5rem 0 .5rem }
p { margin: .4rem 0 } .soft { color: var(--soft); overflow-wrap: anywhere }
.facts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; padding: 0; list-style: none }
.facts li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .3rem .7rem }
.facts b { font-weight: 600; color: var(--soft); margin-right: .4rem; font-size: .85em }
.notes { padding: 0; list-style: none } .notes li { border-left: 3px solid var(--warn); background: var(--card); padding: .4rem .8rem; margin: .4rem 0; overflow-wrap: anywhere }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .45rem .7rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap } th { font-size: .85em; color: var(--soft); font-weight: 600 }
td.soft, td.long, th.long { white-space: normal } td.long, th.long { min-width: 16rem; max-width: 30rem }
td.number, th.number { text-align: right } tr.mean td { font-weight: 600; background: var(--card) } td.best { color: var(--good); font-weight: 700 }
th button { all: unset; cursor: pointer } th button:hover, th button:focus-visible { color: var(--accent) } th[aria-sort=ascending] button::after { content: " \\2191" } th[aria-sort=descending] button::after { content: " \\2193" }
details { border: 1px solid var(--line); border-radius: .7rem; margin: .8rem 0; background: var(--ground) } summary { cursor: pointer; padding: .8rem 1rem; font-weight: 600 } summary .soft { font-weight: 400 } .body { padding: 0 1rem 1.2rem }
.bad { color: var(--bad) } .filters { display: flex; gap: .8rem; flex-wrap: wrap; margin: .5rem 0 } input[type=search] { font: inherit; padding: .4rem .7rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: inherit; min-width: 16rem }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem } figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; overflow: hidden }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1px; background: var(--line) } .pair img { display: block; width: 100%; height: auto } figcaption { padding: .5rem .75rem; font-size: .88em; overflow-wrap: anywhere }
svg text { fill: var(--soft); font-size: 11px } .keys { display: flex; gap: 1.2rem; font-size: .88em } .key::before { content: ""; display: inline-block; width: .8em; height: .8em; border-radius: .2em; margin-right: .4em; background: var(--swatch) }
@media print { details { break-inside: avoid } body { background: #fff; color: #000 } .filters { display: none } }
`
