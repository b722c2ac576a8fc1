import { appendFileSync } from 'node:fs';
import { assertWritable, writeTo } from '../output-files.ts';
import { renderBadge } from './badge.ts';
import type { GateRun } from './gate-run.ts';
import { renderJunitGate } from './junit.ts';
import { renderMarkdownGate } from './markdown.ts';

/** Files that a person asked for. */
export interface GateOutputOptions {
  readonly json?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly badge?: string;
}

const renderers: Readonly<Record<keyof GateOutputOptions, (run: GateRun) => string>> = {
  json: renderJsonGate,
  junit: renderJunitGate,
  markdown: renderMarkdownGate,
  badge: ({ verdict }) => renderBadge(verdict),
};
const formats = Object.keys(renderers) as (keyof GateOutputOptions)[];

/** @throws RunnerError USAGE where nothing can be written */
export function prepareGateOutputs(options: GateOutputOptions): void {
  for (const format of formats) assertWritable(`--${format}`, options[format]);
}

/** Writes what was asked for, and the summary of the CI job where there is one. Returns the paths. */
export function writeGateOutputs(run: GateRun, options: GateOutputOptions): readonly string[] {
  const written = formats.flatMap((format) => {
    const path = options[format];
    if (path === undefined) return [];
    writeTo(path, renderers[format](run));
    return [path];
  });
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary) appendFileSync(summary, renderMarkdownGate(run));
  return written;
}

/** JSON knows no infinite or missing numbers: they are null. */
export function renderJsonGate(run: GateRun): string {
  return `${JSON.stringify({ formatVersion: 1, ...run }, undefined, 2)}\n`;
}
