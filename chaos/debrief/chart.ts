import { scaleLinear } from 'd3-scale';
import { line as linePath } from 'd3-shape';
import type { AlertHistory, Curve, CurveUnit, Interval } from '../capsule/capsule.ts';
import { type Html, html } from './html.ts';

/** What all pictures of a run have in common. Times are Unix milliseconds. */
export interface Frame {
  readonly fromMs: number;
  readonly toMs: number;
  /** What the axis counts from. */
  readonly zeroMs: number;
  /** When something was broken. */
  readonly bands: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly marks: readonly { readonly atMs: number; readonly label: string }[];
}

const width = 960;
const left = 220;
const right = 16;
const bottom = 26;
const curveHeight = 170;
const markRow = 14;
const alertRow = 22;
const bar = { height: 12, leastWidth: 2 } as const;
/** As many colours as the style sheet has. */
const colours = 6;

/** One curve over time, over a band where something was broken. */
export function curveChart(curve: Curve, frame: Frame): Html {
  const x = timeScale(frame);
  const top = 8;
  const lines = curve.lines.map(({ name, points }) => ({
    name,
    points: points.filter(([atMs]) => atMs >= frame.fromMs && atMs <= frame.toMs),
  }));
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const y = scaleLinear([0, Math.max(1e-9, ...values)], [curveHeight - bottom, top]).nice(4);
  const path = linePath<readonly [number, number]>(
    ([atMs]) => round(x(atMs)),
    ([, value]) => round(y(value)),
  ).defined(([, value]) => Number.isFinite(value));
  return picture(
    curve.title,
    curveHeight,
    html`${background(frame, x, top, curveHeight - bottom)}
    ${y.ticks(4).map(
      (
        tick,
      ) => html`<line class="grid" x1="${left}" x2="${width - right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>
      <text class="tick" x="${left - 8}" y="${round(y(tick)) + 4}" text-anchor="end">${inUnit(tick, curve.unit)}</text>`,
    )}
    ${timeAxis(frame, x, curveHeight)}
    ${lines.map(
      ({ name, points }, index) =>
        html`<path class="line c${index % colours}" d="${path(points) ?? ''}"><title>${name}</title></path>`,
    )}`,
  );
}

/** What the colours of a curve with several lines mean; nothing for a single one. */
export function legend({ lines }: Curve): Html | undefined {
  if (lines.length < 2) return undefined;
  return html`<p class="legend">${lines.map(({ name }, index) => html`<span class="c${index % colours}">${name}</span>`)}</p>`;
}

/** When each alert was pending and firing, one row an alert, with the marks of the run above; nothing when none was. */
export function alertChart(histories: readonly AlertHistory[], frame: Frame): Html | undefined {
  const alerts = histories
    .map((history) => inFrame(history, frame))
    .filter(({ pending, firing }) => pending.length + firing.length > 0);
  if (alerts.length === 0) return undefined;
  const x = timeScale(frame);
  const top = 6 + markRow * frame.marks.length;
  const height = top + alertRow * alerts.length + bottom;
  const bars = (state: 'pending' | 'firing', { [state]: intervals }: AlertHistory, row: number) =>
    intervals.map(([fromMs, toMs]) => {
      const [start, end] = [x(fromMs), x(toMs)];
      const wide = Math.max(bar.leastWidth, end - start);
      return html`<rect class="${state}" x="${round(start)}" y="${top + row * alertRow + 5}" width="${round(wide)}" height="${bar.height}"><title>${state}</title></rect>`;
    });
  return picture(
    'Alerts',
    height,
    html`${background(frame, x, 0, height - bottom)}
    ${frame.marks.map(({ atMs, label }, index) => {
      const at = round(x(atMs));
      const isLate = at > width * 0.7;
      return html`<line class="mark" x1="${at}" x2="${at}" y1="${6 + index * markRow}" y2="${height - bottom}"/>
      <text class="label" x="${isLate ? at - 4 : at + 4}" y="${14 + index * markRow}"${isLate ? html` text-anchor="end"` : undefined}>${label}</text>`;
    })}
    ${alerts.map(
      (
        alert,
        row,
      ) => html`<text class="tick" x="${left - 8}" y="${top + row * alertRow + 15}" text-anchor="end">${shortened(`${alert.alert} ${alert.subject}`.trim())}<title>${alert.alert} ${alert.subject}</title></text>
      ${bars('pending', alert, row)}${bars('firing', alert, row)}`,
    )}
    ${timeAxis(frame, x, height)}`,
  );
}

function inFrame(history: AlertHistory, { fromMs, toMs }: Frame): AlertHistory {
  const clip = (intervals: readonly Interval[]) =>
    intervals
      .filter(([start, end]) => end >= fromMs && start <= toMs)
      .map(([start, end]) => [Math.max(start, fromMs), Math.min(end, toMs)] as const);
  return { ...history, pending: clip(history.pending), firing: clip(history.firing) };
}

type Scale = ReturnType<typeof timeScale>;

function timeScale({ fromMs, toMs }: Frame) {
  return scaleLinear([fromMs, toMs], [left, width - right]);
}

function picture(title: string, height: number, content: Html): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${content}</svg>`;
}

function background({ bands }: Frame, x: Scale, top: number, end: number): Html {
  return html`${bands.map(
    ({ fromMs, toMs }) =>
      html`<rect class="band" x="${round(x(fromMs))}" y="${top}" width="${round(Math.max(1, x(toMs) - x(fromMs)))}" height="${end - top}"/>`,
  )}`;
}

/** In seconds from the moment that counts. */
function timeAxis({ fromMs, toMs, zeroMs }: Frame, x: Scale, height: number): Html {
  const seconds = scaleLinear([(fromMs - zeroMs) / 1000, (toMs - zeroMs) / 1000], [0, 1]).ticks(9);
  return html`${seconds.map(
    (tick) =>
      html`<text class="tick" x="${round(x(zeroMs + tick * 1000))}" y="${height - 8}" text-anchor="middle">${tick} s</text>`,
  )}`;
}

/** A value as an axis or a sentence has it. */
export function inUnit(value: number, unit: CurveUnit): string {
  const short = Number(value.toPrecision(3));
  switch (unit) {
    case 'share':
      return `${Number((value * 100).toPrecision(3))} %`;
    case 'seconds':
      return value < 1 ? `${Number((value * 1000).toPrecision(3))} ms` : `${short} s`;
    case 'perSecond':
      return `${short}/s`;
    case 'number':
      return String(short);
  }
}

function shortened(name: string): string {
  return name.length > 34 ? `${name.slice(0, 33)}…` : name;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
