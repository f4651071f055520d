/** The whole style of report.html: no font, no picture, nothing from elsewhere. Colours carry no meaning that words don't. */
export const style = `
:root { color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e6e8eb); --soft: light-dark(#59636e, #9aa4af); --paper: light-dark(#ffffff, #14171b);
  --panel: light-dark(#f5f6f8, #1c2026); --line: light-dark(#d8dde3, #343b44); --link: light-dark(#0b57d0, #8ab4f8);
  --bad: light-dark(#b3261e, #ff8a80); --bad-back: light-dark(#fdeceb, #3b1a1a);
  --warn: light-dark(#8a5300, #ffc46b); --warn-back: light-dark(#fff3dc, #36270d);
  --good: light-dark(#146c2e, #7fd99a); --good-back: light-dark(#e6f4ea, #12301d);
  --dull: light-dark(#59636e, #9aa4af); --dull-back: light-dark(#eceff2, #262b32);
  --bad-fill: light-dark(#c5332b, #e5675c); --warn-fill: light-dark(#b06a00, #e0a040); --good-fill: light-dark(#3f9d5a, #4c9e66); --dull-fill: light-dark(#b9c1ca, #545d68); --on-fill: light-dark(#ffffff, #14171b);
  --tag: light-dark(#0b4f9e, #9cc3ff); --attribute: light-dark(#7a3e00, #e3b577); --mark: light-dark(#ffd27a, #6b4c00);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main, .inner { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem }
a { color: var(--link) }
a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, code:focus-visible, .compare:focus-visible, pre:focus-visible
  { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 1 }
.verdict { padding: 2rem 0 1.5rem; border-bottom: 1px solid var(--line) }
.verdict.bad { background: var(--bad-back) } .verdict.warn { background: var(--warn-back) } .verdict.good { background: var(--good-back) }
.verdict p { margin: .25rem 0; max-width: 60rem }
.verdict h1 { margin: 0; font-size: 2.25rem; line-height: 1.2; letter-spacing: -.01em }
.verdict.bad h1 { color: var(--bad) } .verdict.warn h1 { color: var(--warn) } .verdict.good h1 { color: var(--good) }
.verdict .sentence { font-size: 1.2rem }
.verdict ul:not(.counts) { margin: .5rem 0 0; padding-left: 1.25rem }
.subject { color: var(--soft) }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 1rem 0 0; padding: 0 }
.counts li, .badge { border-radius: 1rem; padding: .1rem .7rem; font-size: .9rem; white-space: nowrap }
.badge.bad, .counts .bad { background: var(--bad-back); color: var(--bad) }
.badge.warn, .counts .warn { background: var(--warn-back); color: var(--warn) }
.badge.good, .counts .good { background: var(--good-back); color: var(--good) }
.badge.dull, .counts .dull { background: var(--dull-back); color: var(--dull) }
.verdict .counts li { background: var(--paper) }
.verdict .when { margin-top: 1rem; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere }
.matrix th[scope=row] { font-size: 1rem; font-weight: 400; width: 16rem } .matrix th a { color: var(--ink); text-decoration-color: var(--line) }
.cells { display: flex; flex-wrap: wrap; gap: 3px; list-style: none; margin: 0; padding: 0 }
.cell { display: inline-flex; align-items: center; justify-content: center; width: 1.5rem; height: 1.5rem; border-radius: 3px; font: 700 .8rem/1 system-ui, sans-serif; text-decoration: none; border: 1px solid transparent }
.cell.good { background: var(--good-back); color: var(--good) } .cell.dull { background: var(--dull-back); color: var(--dull) }
.cell.warn { background: var(--warn-fill); color: var(--on-fill) } .cell.bad { background: var(--bad-fill); color: var(--on-fill) }
.cell.waived { border: 2px dashed var(--ink) } a.cell:hover { border-color: currentColor } .filtered .cell.out { opacity: .2 }
.key { margin-right: 1rem; white-space: nowrap } .key .cell { width: 1.1rem; height: 1.1rem; font-size: .65rem }
.share { width: 15rem } svg.bar { display: block; width: 100%; height: .6rem; border-radius: 2px; overflow: hidden; background: var(--dull-back) }
rect.good { fill: var(--good-fill) } rect.bad { fill: var(--bad-fill) } rect.warn { fill: var(--warn-fill) } rect.dull { fill: var(--dull-fill) }
.charts { display: flex; flex-wrap: wrap; gap: 2rem; margin-top: 1.5rem } figure { margin: 0; flex: 1 1 24rem; min-width: 0 } figcaption { font-weight: 600; margin-bottom: .5rem }
.slow td { padding: .25rem .75rem .25rem 0; font-size: .92rem; border: 0; overflow-wrap: anywhere } .slow .ms { white-space: nowrap; width: 5rem; text-align: right; font-variant-numeric: tabular-nums; color: var(--soft) }
svg.trend { display: block; width: 100%; height: 9rem; background: var(--panel) }
.filters { display: flex; flex-wrap: wrap; gap: .6rem 1.25rem; align-items: center; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; margin: 0 0 .75rem; font-size: .95rem }
.filters[hidden] { display: none } .filters .search { flex: 1 1 16rem; display: flex; gap: .5rem; align-items: center } .filters .search input { flex: 1; min-width: 8rem }
.filters input[type=search], .filters select, button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: .25rem .5rem; max-width: 100% }
.filters fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem .9rem } .filters legend { float: left; margin-right: .75rem; color: var(--soft) }
.filters output { color: var(--soft) } button { cursor: pointer } .copy { font-size: .85rem; margin-top: .3rem }
[hidden] { display: none !important } tr:target td { background: var(--panel) }
.steps { font: .88rem/1.6 var(--mono); margin: .4rem 0; padding-left: 1.75rem; list-style: none } .steps li::before { content: '✓'; display: inline-block; width: 1.25rem; margin-left: -1.25rem; color: var(--good) }
.steps .ended { font-weight: 700; color: var(--bad) } .steps .ended::before { content: '✕'; color: var(--bad) } article.warn .steps .ended, article.warn .steps .ended::before { color: var(--warn) } .steps .left { color: var(--soft) } .steps .left::before { content: '·'; color: var(--soft) }
a.quiet { color: inherit; text-decoration-color: var(--line) } li > details.lazy { margin: .2rem 0 }
mark { background: var(--mark); color: inherit; border-radius: 2px }
.compare b, pre b { font-weight: 600; color: var(--tag) } .compare i, pre i { font-style: normal; color: var(--attribute) }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.4rem; line-height: 1.3 } h3 { margin: 1.5rem 0 .5rem; font-size: 1.1rem }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 0 }
dl.facts dt { color: var(--soft) } dl.facts dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .85rem }
th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.id, th.id, td.keyword { white-space: nowrap; width: 8.5rem; font-variant-numeric: tabular-nums } td.keyword { width: 6rem; color: var(--soft) } td.outcome, th.outcome { width: 9rem }
td details summary { cursor: pointer; color: var(--soft); font-size: .9rem } td ul { margin: .3rem 0; padding-left: 1.1rem; font-size: .92rem }
.why { color: var(--soft); font-size: .92rem }
.only { display: inline-flex; gap: .5rem; align-items: center; margin: 0 0 .5rem }
body:not(.filtered):has(#only:checked) tr[data-kept]:not(:target), body:not(.filtered):has(#only:checked) .area[data-kept]:not(:has(:target)) { display: none }
.filtered .only { display: none }
article { border: 1px solid var(--line); border-left: 5px solid var(--line); border-radius: 6px; padding: 1rem 1.25rem; margin: 1rem 0; background: var(--paper) }
article.bad { border-left-color: var(--bad) } article.warn { border-left-color: var(--warn) }
article h3 { margin: 0 0 .25rem } article .place { color: var(--soft); font-size: .9rem; margin: 0 0 .75rem }
.said { display: grid; grid-template-columns: 6.5rem 1fr; gap: .4rem 1rem; margin: 0 }
.said dt { color: var(--soft) } .said dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line }
.said .actual { color: var(--bad); font-weight: 600 } article.warn .said .actual { color: var(--warn) }
blockquote { margin: 0; padding-left: .8rem; border-left: 3px solid var(--line) } blockquote cite { display: block; color: var(--soft); font-size: .88rem; font-style: normal }
code { font: .88em/1.45 var(--mono) } code.run { display: block; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .4rem .6rem; user-select: all; overflow-wrap: anywhere; white-space: pre-wrap }
article > details { margin-top: .75rem } article > details > summary { cursor: pointer; font-weight: 600 }
.compare { overflow-x: auto; border: 1px solid var(--line); border-radius: 4px; margin-top: .5rem; max-height: 38rem; overflow-y: auto }
.compare table { min-width: 60rem; table-layout: fixed; font: .8rem/1.45 var(--mono) }
.compare th { font: .9rem/1.4 system-ui, sans-serif; padding: .4rem .6rem; position: sticky; top: 0; background: var(--panel) }
.compare td { border: 0; padding: 0 .6rem; white-space: pre-wrap; overflow-wrap: anywhere } .compare td + td, .compare th + th { border-left: 1px solid var(--line) }
.compare tr.real td { background: var(--warn-back) } .compare tr.real td:first-child { box-shadow: inset 4px 0 var(--warn) } .compare tr.other td, .compare tr.alike td { color: var(--soft) } .compare tr.alike td { background: var(--panel); font-family: system-ui, sans-serif }
.legend { color: var(--soft); font-size: .88rem; margin: .4rem 0 0 }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .6rem .8rem; overflow: auto; font: .8rem/1.45 var(--mono); margin: .4rem 0; max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere }
.exchange { margin: .4rem 0 } .exchange summary { cursor: pointer; overflow-wrap: anywhere }
footer { color: var(--soft); padding: 2.5rem 0; font-size: .9rem }
@media (max-width: 45rem) { .matrix thead { display: none } .matrix tr, .matrix td, .matrix th { display: block; width: auto; border: 0; padding: .15rem 0 } .matrix tr { padding: .5rem 0; border-bottom: 1px solid var(--line) } .filters .search { flex-basis: 100% } article { padding: .75rem } .verdict h1 { font-size: 1.75rem } .area { overflow-x: auto } td.id, th.id, td.keyword { width: auto } dl.facts { grid-template-columns: 1fr } dl.facts dd { margin-bottom: .4rem } .said { grid-template-columns: 1fr } .said dd { margin-bottom: .4rem } td.outcome, th.outcome { width: auto } }
@media print { .only, .skip, .filters, .copy, details.lazy { display: none !important } body:has(#only:checked) tr[data-kept], body:has(#only:checked) .area[data-kept] { display: revert !important } .compare, pre { max-height: none; overflow: visible } .compare table { min-width: 0 }  article { break-inside: avoid } }
.gain{display:block;font-size:.9em;opacity:.85}
`
