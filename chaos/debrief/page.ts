import MarkdownIt from 'markdown-it';
import type { LogExcerpt, TraceExcerpt } from '../capsule/capsule.ts';
import { alertChart, curveChart, legend } from './chart.ts';
import type { Debrief } from './debrief.ts';
import { Html, html } from './html.ts';
import { sinceWhat } from './markdown.ts';
import { responseRows } from './response.ts';
import { style } from './style.ts';

/** The debrief as one file that needs nothing else: it opens anywhere, in the dark too, and prints. */
export function renderPage(debrief: Debrief): string {
  const { capsule, frame } = debrief;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${debrief.title}: ${debrief.outcome.toLowerCase()}</title>
<style>${new Html(style)}</style>
</head>
<body>
<header>
  <p class="outcome ${debrief.good ? 'good' : 'bad'}">${debrief.outcome}</p>
  <h1>${debrief.title}</h1>
  <dl>${debrief.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<main>
  <section>
    <h2>In short</h2>
    <ul>${debrief.figures.map((line) => html`<li>${line}</li>`)}</ul>
  </section>
  ${
    debrief.response === undefined
      ? undefined
      : html`<section>
    <h2>Response</h2>
    <table><tbody>${responseRows(debrief.response).map(
      ([what, value, how]) => html`<tr><th>${what}</th><td class="number">${value}</td><td>${how}</td></tr>`,
    )}</tbody></table>
  </section>`
  }
  <section>
    <h2>What users and alerts saw</h2>
    <p class="note">Seconds from the fault; shaded while something was broken. <span class="key pending">pending</span> <span class="key firing">firing</span></p>
    ${alertChart(capsule.alerts, frame) ?? html`<p>No alert was pending or firing.</p>`}
    ${capsule.curves
      .filter(({ lines }) => lines.length > 0)
      .map(
        (curve) =>
          html`<figure><figcaption>${curve.title}</figcaption>${curveChart(curve, frame)}${legend(curve)}</figure>`,
      )}
  </section>
  <section>
    <h2>Timeline</h2>
    <table>
      <thead><tr><th class="number">seconds</th><th>since</th><th>what</th><th></th><th>seen by</th></tr></thead>
      <tbody>${debrief.timeline.map(
        (row) =>
          html`<tr><td class="number">${row.atSeconds.toFixed(2)}</td><td>${sinceWhat(row)}</td><td><strong>${row.mark}</strong></td><td>${row.detail}</td><td>${row.source}</td></tr>`,
      )}</tbody>
    </table>
  </section>
  <section>
    <h2>Verdict</h2>
    <ul class="findings">${debrief.verdict.findings.map(
      ({ held, claim, observed }) =>
        html`<li class="${held ? 'good' : 'bad'}"><span>${held ? '✓' : '✗'}</span> ${claim}: <em>${observed}</em></li>`,
    )}</ul>
  </section>
  <section>
    <h2>Evidence</h2>
    ${capsule.logs.map(logExcerpt)}
    ${capsule.traces.map(traceExcerpt)}
    <h3>Queries of the pictures</h3>
    ${capsule.curves.map(({ title, query }) => html`<p>${title}</p><pre>${query}</pre>`)}
    ${capsule.missing.map((what) => html`<p class="bad">Missing: ${what}</p>`)}
  </section>
  ${debrief.writeUps.map(
    ({ title, text }) => html`<section class="write-up"><h2>${title}</h2>${new Html(markdown.render(text))}</section>`,
  )}
</main>
</body>
</html>
`;
  return page.text;
}

/** Markup in a text is shown, not obeyed. */
const markdown = new MarkdownIt({ html: false });

function logExcerpt({ title, query, total, lines }: LogExcerpt): Html {
  return html`<h3>${title}</h3>
  <p class="note">${lines.length} of ${total} lines: <code>${query}</code></p>
  <pre>${lines.map(({ text }) => `${text}\n`).join('')}</pre>`;
}

/** A waterfall: each span where it was in the time of the trace. */
function traceExcerpt({ title, traceId, spans }: TraceExcerpt): Html {
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const totalMs = Math.max(0.001, ...spans.map((span) => span.startMs + span.durationMs - startMs));
  const percentOf = (ms: number) => `${((100 * ms) / totalMs).toFixed(2)}%`;
  return html`<h3>${title}</h3>
  <p class="note">trace <code>${traceId}</code>, ${totalMs.toFixed(1)} ms</p>
  <table class="trace"><tbody>${spans.map(
    (span) => html`<tr class="${span.error === '' ? '' : 'bad'}">
      <td style="padding-left:${span.depth}em">${span.service}: ${span.name}</td>
      <td class="waterfall"><i style="margin-left:${percentOf(span.startMs - startMs)};width:${percentOf(span.durationMs)}"></i></td>
      <td class="number">${span.durationMs.toFixed(1)} ms</td><td>${span.error}</td>
    </tr>`,
  )}</tbody></table>`;
}
