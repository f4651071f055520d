/** The look of every page, light and dark. System fonts only: nothing is fetched from anywhere. */
export const styles = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#f5f4f0, #14151a); --card: light-dark(#ffffff, #1c1e26); --sunk: light-dark(#f0eee8, #15171d);
  --ink: light-dark(#1d1f27, #e8e7e3); --soft: light-dark(#6a6c78, #9a9ca8); --line: light-dark(#e2dfd6, #2d303b);
  --accent: light-dark(#3b49df, #8c9bff); --on-accent: light-dark(#ffffff, #14151a);
  --good: light-dark(#14804a, #5fd39a); --bad: light-dark(#c2321f, #ff8b78); --warn: light-dark(#9a6200, #f0b44c);
  --tag: light-dark(#3b49df, #93a1ff); --attr: light-dark(#9a6200, #e2b76b); --value: light-dark(#14804a, #8fd6ae);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  --sans: ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif;
}
* { box-sizing: border-box }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 var(--sans) }
a { color: var(--accent) }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; letter-spacing: -.01em; text-wrap: balance }
h2 { font-size: .95rem; margin: 0 }
code, pre, .mono { font-family: var(--mono); font-size: .85em }
pre { background: var(--sunk); border: 1px solid var(--line); border-radius: 8px; padding: .75rem; margin: .5rem 0; overflow: auto; max-height: 28rem; white-space: pre-wrap; overflow-wrap: anywhere }
button, input, select, textarea { font: inherit; color: inherit }
input, select, textarea { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .4rem .6rem; min-width: 0; width: 100% }
textarea { font: .8rem/1.4 var(--mono); min-height: 6rem }
button { cursor: pointer; border: 1px solid transparent; border-radius: 8px; padding: .4rem .8rem; background: var(--accent); color: var(--on-accent); font-weight: 600 }
button.quiet { background: transparent; color: var(--accent); border-color: var(--line) }
button:disabled { opacity: .5; cursor: default }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.muted { color: var(--soft) } .eyebrow { color: var(--soft); margin: 0 0 .25rem; font-size: .85rem }
.what { font-size: 1.05rem; margin: 0 0 1rem; overflow-wrap: anywhere }
.hint { background: var(--sunk); border-left: 3px solid var(--accent); padding: .6rem .9rem; border-radius: 0 8px 8px 0; overflow-wrap: anywhere }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0 0 1rem }
.facts dt { color: var(--soft) } .facts dd { margin: 0; overflow-wrap: anywhere; font-family: var(--mono); font-size: .85em; padding-top: .1em }

.sheet { min-height: 100vh; display: grid; grid-template-rows: 1fr auto; justify-items: center; padding: 2rem 1rem 1rem }
.sheet main { width: min(42rem, 100%); align-self: start; margin-top: min(6vh, 4rem); background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: clamp(1.25rem, 4vw, 2.25rem); box-shadow: 0 10px 40px -20px rgb(0 0 0 / .35) }
.sheet footer { color: var(--soft); font-size: .8rem; margin-top: 2rem; text-align: center }
.sheet .search { display: flex; gap: .5rem; margin-bottom: 1rem }
.sheet .request { border-top: 1px solid var(--line); margin-top: 1.75rem; padding-top: 1rem }
.sheet .request h2 { margin-bottom: .6rem; color: var(--soft) }
.people { display: grid; gap: 2px; max-height: 24rem; overflow: auto; border: 1px solid var(--line); border-radius: 10px; padding: 4px }
.people button { display: flex; justify-content: space-between; gap: 1rem; background: transparent; color: inherit; text-align: left; font-weight: 400 }
.people button:hover { background: var(--sunk) } .people span { color: var(--soft); overflow-wrap: anywhere }
.tiles { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); margin-bottom: 1.25rem }
.tiles a { border: 1px solid var(--line); border-radius: 12px; padding: .9rem; text-decoration: none; color: inherit }
.tiles a:hover { border-color: var(--accent) } .tiles span { display: block; color: var(--soft); font-size: .8rem; overflow-wrap: anywhere }
.main { font-size: 1.05rem; padding: .65rem 1.1rem }

.console header { display: flex; align-items: center; gap: 1rem; padding: .8rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--card); position: sticky; top: 0; z-index: 2 }
.console .brand { font-weight: 700; letter-spacing: -.01em } .console .brand small { font-weight: 400; color: var(--soft); margin-left: .5rem }
.console header select { width: auto } .console .spacer { flex: 1 }
.live { display: inline-flex; align-items: center; gap: .45rem; color: var(--soft); font-size: .85rem }
.live::before { content: ''; width: .6rem; height: .6rem; border-radius: 50%; background: var(--bad) }
.live.on::before { background: var(--good); box-shadow: 0 0 0 4px color-mix(in srgb, var(--good) 22%, transparent) }
.console .board { display: grid; grid-template-columns: minmax(22rem, 30rem) minmax(0, 1fr); gap: 1.25rem; padding: 1.25rem; align-items: start; max-width: 110rem; margin: 0 auto }
@media (max-width: 60rem) { .console .board { grid-template-columns: minmax(0, 1fr) } .console .journal { order: -1 } }
.stack { display: grid; gap: 1.25rem; min-width: 0 }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; min-width: 0 }
.card > .head { display: flex; align-items: center; gap: .75rem; padding: .75rem 1rem; border-bottom: 1px solid var(--line) }
.card > .head .muted { font-size: .85rem } .card > .body { padding: 1rem; display: grid; gap: .75rem }
.card > .head button { padding: .2rem .65rem; font-size: .85rem; white-space: nowrap }
.card > .head input { width: 11rem; padding: .2rem .5rem; font-size: .85rem }
.copy { display: grid; gap: .1rem } .copy label { color: var(--soft); font-size: .8rem }
.copy div { display: flex; gap: .4rem } .copy output { flex: 1; background: var(--sunk); border: 1px solid var(--line); border-radius: 8px; padding: .35rem .6rem; font: .8rem/1.5 var(--mono); overflow-wrap: anywhere; min-width: 0 }
.copy button { padding: .2rem .55rem; font-size: .8rem; font-weight: 500; align-self: start }
.row { display: flex; gap: .5rem; flex-wrap: wrap; align-items: center }
.list { display: grid; gap: 2px; max-height: 19rem; overflow: auto; margin: 0 -.4rem }
.item { display: flex; gap: .75rem; align-items: center; padding: .4rem; border-radius: 8px; min-width: 0 }
.item:hover { background: var(--sunk) } .item.chosen { background: color-mix(in srgb, var(--accent) 12%, transparent) }
.item .text { flex: 1; min-width: 0 } .item .text span { display: block; color: var(--soft); font-size: .8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.item .text span.wrap { white-space: normal } .item button, .item a.button { padding: .15rem .6rem; font-size: .8rem; flex: none }
a.button { border: 1px solid var(--line); border-radius: 8px; padding: .4rem .8rem; text-decoration: none; font-weight: 600 }
a.button:hover, button.quiet:hover { border-color: var(--accent) }
.params { display: grid; gap: .35rem; padding: 0 .4rem .5rem } .params label { font-size: .8rem; color: var(--soft) }
.tabs { display: flex; gap: .25rem; border-bottom: 1px solid var(--line) }
.tabs button { background: none; color: var(--soft); border: 0; border-bottom: 2px solid transparent; border-radius: 0; font-weight: 500; padding: .3rem .6rem }
.tabs button[aria-selected=true] { color: var(--ink); border-color: var(--accent) }
.form { display: grid; gap: .5rem } .form label { font-size: .8rem; color: var(--soft); display: grid; gap: .15rem }
.form .error { color: var(--bad); margin: 0; overflow-wrap: anywhere } [hidden] { display: none !important }
.badge { font: .7rem/1.6 var(--mono); border: 1px solid var(--line); border-radius: 99px; padding: 0 .5rem; color: var(--soft); white-space: nowrap }
.badge.fault { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 45%, transparent) }
.armed { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; background: color-mix(in srgb, var(--bad) 8%, transparent); border-radius: 8px; padding: .45rem .6rem; font-size: .85rem }
.entry { border-bottom: 1px solid var(--line) } .entry:last-child { border-bottom: 0 }
.entry > summary { display: grid; grid-template-columns: 6.2rem 8.5rem minmax(0, 1fr) auto; gap: .8rem; padding: .5rem 1rem; cursor: pointer; list-style: none; align-items: baseline }
.entry > summary::-webkit-details-marker { display: none } .entry > summary:hover { background: var(--sunk) }
.entry time { font: .78rem var(--mono); color: var(--soft) } .entry .kind { font-size: .8rem; font-weight: 600 }
.entry .summary { overflow-wrap: anywhere }
.entry.received .kind { color: var(--accent) } .entry.sent .kind { color: var(--good) } .entry.wrong .kind { color: var(--bad) } .entry.other .kind { color: var(--soft) }
.entry .open { padding: .25rem 1rem 1rem } .entry.fresh > summary { animation: fresh 1.6s ease-out }
@keyframes fresh { from { background: color-mix(in srgb, var(--accent) 25%, transparent) } }
@media (prefers-reduced-motion: reduce) { .entry.fresh > summary { animation: none } }
@media (max-width: 45rem) { .journal > .head .muted { display: none } .entry > summary { grid-template-columns: 1fr auto; gap: .1rem .8rem } .entry .summary { grid-column: 1 / -1 } }
.values { margin: 0; padding: 0; list-style: none } .empty { padding: 2.5rem 1.5rem; text-align: center; color: var(--soft) }
.empty b { color: var(--ink); display: block; font-size: 1.05rem; margin-bottom: .35rem }
.xml .t { color: var(--tag) } .xml .a { color: var(--attr) } .xml .v { color: var(--value) } .xml .p { color: var(--soft) } .xml .sig { color: var(--soft) }
`
