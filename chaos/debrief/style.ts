/** Of the pages that are written; colours that keep apart in grey and for the colour-blind. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #5b6570; --paper: #fff; --rule: #d8dde3; --band: #fde7df; --good: #0b6e4f; --bad: #b3261e;
  --pending: #e8b04a; --firing: #b3261e; --c0: #0b61a4; --c1: #d9730d; --c2: #0b6e4f; --c3: #8b3fa8; --c4: #6b4f2a; --c5: #c2185b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --faint: #9aa5b1; --paper: #14171a; --rule: #343b43; --band: #3b2420; --good: #4cc38a; --bad: #ff8f85;
  --pending: #c98f22; --firing: #ff6f61; --c0: #6cb6ff; --c1: #f69d50; --c2: #57d9a3; --c3: #d2a8ff; --c4: #c9a26d; --c5: #ff8cc6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .75rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; border-bottom: 1px solid var(--rule); padding-bottom: .25rem; }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
.outcome { display: inline-block; margin: 0 0 .5rem; padding: .1rem .6rem; border: 2px solid; border-radius: 1rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
dl { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: 0; }
dt { color: var(--faint); font-size: .85rem; } dd { margin: 0; }
.note, figcaption { color: var(--faint); font-size: .9rem; margin: .25rem 0; }
figure { margin: 1.25rem 0; break-inside: avoid; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--faint); } svg text.label { fill: var(--ink); font-weight: 600; }
.band { fill: var(--band); } .grid { stroke: var(--rule); } .mark { stroke: var(--faint); stroke-dasharray: 3 3; }
.line { fill: none; stroke-width: 2; }
.line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); stroke-dasharray: 7 3; } .line.c2 { stroke: var(--c2); stroke-dasharray: 2 3; }
.line.c3 { stroke: var(--c3); } .line.c4 { stroke: var(--c4); } .line.c5 { stroke: var(--c5); }
.legend span { margin-right: 1rem; border-bottom: 3px solid; }
.legend .c0 { border-color: var(--c0); } .legend .c1 { border-color: var(--c1); border-style: none none dashed; } .legend .c2 { border-color: var(--c2); border-style: none none dotted; }
.legend .c3 { border-color: var(--c3); } .legend .c4 { border-color: var(--c4); } .legend .c5 { border-color: var(--c5); }
rect.pending { fill: var(--pending); } rect.firing { fill: var(--firing); }
.key { padding: 0 .4rem; border-left: 1em solid; } .key.pending { border-color: var(--pending); } .key.firing { border-color: var(--firing); }
section { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--faint); font-weight: 600; } td, th { padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.findings { list-style: none; padding: 0; } .findings em { color: var(--faint); font-style: normal; }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem .8rem; border: 1px solid var(--rule); border-radius: .4rem; font: 12.5px/1.5 ui-monospace, monospace; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.trace .waterfall { width: 40%; } .trace i { display: block; height: .7rem; margin-top: .4rem; min-width: 2px; background: var(--c0); } .trace .bad i { background: var(--bad); }
.write-up { break-before: auto; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } h2 { break-after: avoid; } tr, figure, pre { break-inside: avoid; } .write-up { break-before: page; } }
`;
