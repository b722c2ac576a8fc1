import { scaleLinear } from 'd3-scale';
import { type Html, html } from '#chaos/debrief/html.ts';
import type { Timing } from '../timing.ts';

const width = 960;
const left = 380;
const right = 20;
const rowHeight = 26;
const axisHeight = 26;

/** One row an alert: what is allowed, the closed form, and what was measured. */
export function timingChart(timings: readonly Timing[]): Html {
  const last = Math.max(...timings.flatMap(({ bound, most }) => [most, bound?.latest ?? 0]));
  const x = scaleLinear([0, last], [left, width - right]).nice();
  const height = timings.length * rowHeight + axisHeight;
  const at = (seconds: number) => Math.round(x(seconds) * 10) / 10;
  const rows = timings.map(({ drill, alert, seconds, bound }, index) => {
    const y = index * rowHeight;
    const band =
      bound &&
      html`<rect class="allowed-band" x="${at(bound.earliest)}" y="${y + 5}" width="${at(bound.latest) - at(bound.earliest)}" height="16"><title>allowed</title></rect>`;
    const form = bound?.closedForm;
    const line =
      form === undefined
        ? undefined
        : html`<line class="closed-form" x1="${at(form)}" x2="${at(form)}" y1="${y + 2}" y2="${y + 24}"><title>closed form: ${form.toFixed(2)} s</title></line>`;
    const dots = seconds.map(
      (value) =>
        html`<circle class="told" cx="${at(value)}" cy="${y + 13}" r="4"><title>${value.toFixed(2)} s</title></circle>`,
    );
    return html`<text x="${left - 10}" y="${y + 17}" text-anchor="end">${drill}: ${alert}</text>${band}${line}${dots}`;
  });
  const ticks = x.ticks(8).map(
    (tick) => html`<line class="grid" x1="${at(tick)}" x2="${at(tick)}" y1="0" y2="${height - axisHeight}"/>
    <text x="${at(tick)}" y="${height - 8}" text-anchor="middle">${tick} s</text>`,
  );
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Time to fire">${ticks}${rows}</svg>`;
}
