/** The whole style of report.html: no font, no picture, nothing from elsewhere. Colours carry no meaning that words don't. */
export const style = `
:root { color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e6e8eb); --soft: light-dark(#59636e, #9aa4af); --paper: light-dark(#ffffff, #14171b);
  --panel: light-dark(#f5f6f8, #1c2026); --line: light-dark(#d8dde3, #343b44); --link: light-dark(#0b57d0, #8ab4f8);
  --bad: light-dark(#b3261e, #ff8a80); --bad-back: light-dark(#fdeceb, #3b1a1a);
  --warn: light-dark(#8a5300, #ffc46b); --warn-back: light-dark(#fff3dc, #36270d);
  --good: light-dark(#146c2e, #7fd99a); --good-back: light-dark(#e6f4ea, #12301d);
  --dull: light-dark(#59636e, #9aa4af); --dull-back: light-dark(#eceff2, #262b32);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main, .inner { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem }
a { color: var(--link) }
a:focus-visible, summary:focus-visible, input:focus-visible, code:focus-visible, .compare:focus-visible, pre:focus-visible
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
body:has(#only:checked) tr[data-kept], body:has(#only:checked) .area[data-kept] { display: none }
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
@media (max-width: 45rem) { .area { overflow-x: auto } td.id, th.id, td.keyword { width: auto } dl.facts { grid-template-columns: 1fr } dl.facts dd { margin-bottom: .4rem } .said { grid-template-columns: 1fr } .said dd { margin-bottom: .4rem } td.outcome, th.outcome { width: auto } }
@media print { .only, .skip { display: none } article { break-inside: avoid } }
.gain{display:block;font-size:.9em;opacity:.85}
`
