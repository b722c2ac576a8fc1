import { appendFileSync, readFileSync } from 'node:fs';
import { type Baseline, baselineSchema } from '#chaos/prove/baseline.ts';
import type { Proof } from '#chaos/prove/proof.ts';
import { renderJunit } from '#chaos/prove/render/junit.ts';
import { renderMarkdownProof } from '#chaos/prove/render/markdown.ts';
import { renderProofPage } from '#chaos/prove/render/page.ts';
import { RunnerError } from '../errors.ts';
import { assertWritable, writeTo } from '../output-files.ts';

/** Files that a person asked for. */
export interface OutputOptions {
  readonly json?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly html?: string;
}

const renderers: Readonly<Record<keyof OutputOptions, (proof: Proof) => string>> = {
  json: renderJson,
  junit: renderJunit,
  markdown: renderMarkdownProof,
  html: renderProofPage,
};
const formats = Object.keys(renderers) as (keyof OutputOptions)[];

/** Makes the folders of what will be written, before all that takes its time. @throws RunnerError USAGE where nothing can be written */
export function prepareOutputs(options: OutputOptions): void {
  for (const format of formats) assertWritable(`--${format}`, options[format]);
}

/** Writes what was asked for, and the summary of the CI job where there is one. Returns the paths. */
export function writeOutputs(proof: Proof, options: OutputOptions): readonly string[] {
  const written = formats.flatMap((format) => {
    const path = options[format];
    if (path === undefined) return [];
    writeTo(path, renderers[format](proof));
    return [path];
  });
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary) appendFileSync(summary, renderMarkdownProof(proof));
  return written;
}

/** Undefined when there is none. @throws RunnerError USAGE, also when there is none and must be one */
export function readBaseline(path: string, { mayBeAbsent }: { readonly mayBeAbsent: boolean }): Baseline | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (mayBeAbsent && code === 'ENOENT') return undefined;
    const how = code === 'ENOENT' ? ', which --update-baseline makes' : '';
    throw new RunnerError('USAGE', `--baseline: expected a file${how} (got "${path}": ${code})`, { cause });
  }
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RunnerError(
      'USAGE',
      `--baseline: expected what --update-baseline wrote (got "${path}": ${(cause as Error).message})`,
      { cause },
    );
  }
}

export function writeBaseline(path: string, baseline: Baseline): void {
  writeTo(path, renderJson(baseline));
}

function renderJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
