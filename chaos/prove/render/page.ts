import { type Html, html, Html as Markup } from '#chaos/debrief/html.ts';
import { style } from '#chaos/debrief/style.ts';
import type { Episode } from '../episode.ts';
import type { Cell, Matrix } from '../matrix.ts';
import type { Proof } from '../proof.ts';
import { timingChart } from './timing-chart.ts';
import { timingHeadings, timingRows } from './timing-rows.ts';
import { cellText, changeText, scoreNames, scoreText, signs, wrongCells } from './words.ts';

/** The proof as one file that needs nothing else: it opens anywhere, in the dark too, and prints. */
export function renderProofPage(proof: Proof): string {
  const { verdict, matrix, scores, timings, changes, episodes } = proof;
  const wrong = wrongCells(matrix);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Proof of the alerts: ${verdict.outcome}</title>
<style>${new Markup(style)}${new Markup(matrixStyle)}</style>
</head>
<body>
<header>
  <p class="outcome ${verdict.outcome === 'held' ? 'good' : 'bad'}">${verdict.outcome.toUpperCase()}</p>
  <h1>Proof of the alerts</h1>
  <p>${verdict.summary}.</p>
  <dl>
    <div><dt>started</dt><dd>${new Date(proof.startedAtMs).toISOString()}</dd></div>
    <div><dt>took</dt><dd>${Math.round(proof.durationSeconds)} s</dd></div>
    <div><dt>drills</dt><dd>${matrix.rows.length}</dd></div>
    <div><dt>episodes</dt><dd>${episodes.length}</dd></div>
  </dl>
</header>
<main>
  <section>
    <h2>Fault × alert</h2>
    ${matrix.alerts.length === 0 ? html`<p>No alert fired.</p>` : matrixTable(matrix)}
    ${legend(matrix)}
    ${wrong.length === 0 ? undefined : html`<ul class="bad">${wrong.map((line) => html`<li>${line}</li>`)}</ul>`}
  </section>
  <section>
    <h2>Scores</h2>
    <table><tbody>${scoreNames.map(({ key, what }) => html`<tr><td>${what}</td><td class="number">${scoreText(scores[key])}</td></tr>`)}
    <tr><td>pages that should not have been</td><td class="number">${scores.falsePages}</td></tr></tbody></table>
    <p class="note">Intervals are Wilson's, at 95 %. What an alert may do counts for nothing and against nothing.</p>
  </section>
  ${timings.length === 0 ? undefined : timingSection(proof)}
  ${changes.length === 0 ? undefined : html`<section><h2>Against the baseline</h2><ul>${changes.map((change) => html`<li class="${change.regression ? 'bad' : ''}">${changeText(change)}</li>`)}</ul></section>`}
  <section>
    <h2>Episodes</h2>
    ${episodes.map(episodeDetails)}
  </section>
</main>
</body>
</html>
`;
  return page.text;
}

const matrixStyle = `
body { max-width: 84rem; } p, .findings, dl { max-width: 62rem; }
@page { size: A4 landscape; margin: 12mm; }
.matrix { width: auto; } .matrix td, .matrix th { padding: .15rem .3rem; text-align: center; overflow-wrap: normal; }
.matrix th.alert { height: 15rem; vertical-align: bottom; } .matrix th.alert span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.matrix th.drill { text-align: left; white-space: nowrap; color: var(--ink); } .matrix td { min-width: 1.9rem; border: 1px solid var(--rule); }
.matrix .detected { color: var(--good); font-weight: 700; } .matrix .missed, .matrix .false-alarm { background: var(--bad); color: var(--paper); font-weight: 700; }
.matrix .silent { color: var(--faint); } .matrix .must { outline: 2px solid var(--ink); outline-offset: -2px; }
.allowed-band { fill: var(--rule); } .closed-form { stroke: var(--ink); stroke-width: 2; } .told { fill: var(--c0); }
details { margin: .35rem 0; } summary { cursor: pointer; }
@media print { .matrix .missed, .matrix .false-alarm { background: none; color: var(--bad); } .matrix { font-size: 6.5pt; } .matrix td { min-width: 0; } .matrix th.alert { height: 11rem; } }
`;

function matrixTable({ alerts, rows }: Matrix): Html {
  return html`<table class="matrix">
<thead><tr><th></th>${alerts.map((alert) => html`<th class="alert" scope="col"><span>${alert}</span></th>`)}</tr></thead>
<tbody>${rows.map(({ drill, cells }) => html`<tr><th class="drill" scope="row">${drill}</th>${cells.map(cell)}</tr>`)}</tbody>
</table>`;

  function cell(each: Cell): Html {
    const must = each.expectation === 'must' ? ' must' : '';
    const words = `${each.alert} ${signs[each.state].words} (fired in ${each.fired} of ${each.episodes})`;
    return html`<td class="${each.state}${must}" title="${words}">${cellText(each)}</td>`;
  }
}

function legend({ rows, silentAlerts }: Matrix): Html {
  const used = new Set(rows.flatMap(({ cells }) => cells.map(({ state }) => state)));
  const words = Object.entries(signs).flatMap(([state, { sign, words: meaning }]) =>
    used.has(state as keyof typeof signs) ? [`${sign} ${meaning}`] : [],
  );
  const others =
    silentAlerts === 0 ? [] : [`${silentAlerts} other alerts were silent in every episode, as they must be`];
  return html`<p class="note">${[...words, ...others].join(' · ')}</p>`;
}

function timingSection({ timings }: Proof): Html {
  return html`<section>
    <h2>Time to fire</h2>
    <p class="note">Seconds from the injection until somebody was told. Grey: what is allowed, from the closed form with its windows one scrape shorter to all that the pipeline may add. Line: the closed form. Dots: the episodes.</p>
    <figure>${timingChart(timings)}</figure>
    <table><thead><tr>${timingHeadings.map((heading) => html`<th>${heading}</th>`)}</tr></thead>
    <tbody>${timingRows(timings).map((row) => html`<tr>${row.map((value) => html`<td>${value}</td>`)}</tr>`)}</tbody></table>
  </section>`;
}

function episodeDetails({
  drill,
  title,
  repetition,
  seed,
  outcome,
  problem,
  findings,
  durationSeconds,
}: Episode): Html {
  const good = outcome === 'held';
  return html`<details${good ? undefined : new Markup(' open')}>
<summary><span class="${good ? 'good' : 'bad'}">${good ? '✓' : '✗'} ${outcome}</span> <strong>${drill}</strong> ${repetition}: ${title} <span class="note">seed ${seed}, ${Math.round(durationSeconds)} s</span></summary>
${problem === undefined ? undefined : html`<pre>${problem}</pre>`}
<ul class="findings">${findings.map(({ held, claim, observed }) => html`<li class="${held ? 'good' : 'bad'}"><span>${held ? '✓' : '✗'}</span> ${claim}: <em>${observed}</em></li>`)}</ul>
</details>`;
}
