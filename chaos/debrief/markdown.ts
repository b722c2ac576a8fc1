import type { Curve } from '../capsule/capsule.ts';
import type { TimelineRow } from '../engine/timeline-rows.ts';
import { inUnit } from './chart.ts';
import type { Debrief } from './debrief.ts';
import { responseRows } from './response.ts';

/** The debrief as a document for a wiki or a pull request. */
export function renderMarkdown(debrief: Debrief): string {
  const { capsule } = debrief;
  const parts = [
    [`# ${debrief.title}: ${debrief.outcome.toLowerCase()}`],
    debrief.facts.map(([name, value]) => `- ${name}: ${value}`),
    debrief.figures.map((line) => `- ${line}`),
    ...(debrief.response === undefined
      ? []
      : [heading('Response'), table(['what', 'reached', 'how'], responseRows(debrief.response))]),
    heading('Timeline'),
    table(['seconds', 'since', 'what', '', 'seen by'], debrief.timeline.map(timelineCells)),
    heading('Verdict'),
    debrief.verdict.findings.map(({ held, claim, observed }) => `- ${held ? '✓' : '✗'} ${claim}: ${observed}`),
    heading('Evidence'),
    ...capsule.curves.map(curveText),
    ...capsule.logs.map(({ title, query, total, lines }) => [
      `**${title}** (${lines.length} of ${total})`,
      '',
      ...fenced('logql', [query]),
      '',
      ...fenced(
        'text',
        lines.map(({ text }) => text),
      ),
    ]),
    ...capsule.traces.map(({ title, traceId, spans }) => [
      `**${title}**, trace \`${traceId}\``,
      '',
      ...fenced(
        'text',
        spans.map(
          ({ depth, service, name, durationMs, error }) =>
            `${'  '.repeat(depth)}${service}: ${name}, ${durationMs.toFixed(1)} ms${error === '' ? '' : `, ${error}`}`,
        ),
      ),
    ]),
    capsule.missing.map((what) => `- Missing: ${what}`),
    ...debrief.writeUps.flatMap(({ title, text }) => [heading(title), [text]]),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

export function sinceWhat({ sinceSeconds, sinceWhat: what }: TimelineRow): string {
  return sinceSeconds === undefined ? '' : `${what} + ${sinceSeconds.toFixed(2)} s`;
}

function timelineCells(row: TimelineRow): readonly string[] {
  return [row.atSeconds.toFixed(2), sinceWhat(row), row.mark, row.detail, row.source];
}

const blocks = '▁▂▃▄▅▆▇█';
const sparkWidth = 60;

function curveText({ title, unit, query, lines }: Curve): readonly string[] {
  return [
    `**${title}**`,
    '',
    ...fenced('promql', [query]),
    '',
    ...fenced(
      'text',
      lines.map(({ name, points }) => {
        const values = points.map(([, value]) => value).filter(Number.isFinite);
        const most = inUnit(Math.max(0, ...values), unit);
        return `${sparkline(values)}  ${name}, at most ${most}, at last ${inUnit(values.at(-1) ?? 0, unit)}`;
      }),
    ),
  ];
}

/** The greatest value of each stretch, so that no spike is lost. */
function sparkline(values: readonly number[]): string {
  const most = Math.max(0, ...values);
  const stretches = Math.min(sparkWidth, values.length);
  return Array.from({ length: stretches }, (_, index) => {
    const part = values.slice(
      Math.floor((index * values.length) / stretches),
      Math.ceil(((index + 1) * values.length) / stretches),
    );
    const share = most === 0 ? 0 : Math.max(0, ...part) / most;
    return blocks[Math.round(share * (blocks.length - 1))];
  }).join('');
}

function heading(title: string): readonly string[] {
  return [`## ${title}`];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), `|${'---|'.repeat(titles.length)}`, ...rows.map(line)];
}

/** A fence longer than any within. */
function fenced(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}
