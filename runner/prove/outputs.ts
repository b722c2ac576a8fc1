import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Baseline, baselineSchema } from '#chaos/prove/baseline.ts';
import type { Proof } from '#chaos/prove/proof.ts';
import { renderJunit } from '#chaos/prove/render/junit.ts';
import { renderMarkdownProof } from '#chaos/prove/render/markdown.ts';
import { renderProofPage } from '#chaos/prove/render/page.ts';
import { RunnerError } from '../errors.ts';

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

/** Writes what was asked for, and the summary of the CI job where there is one. Returns the paths. */
export function writeOutputs(proof: Proof, options: OutputOptions): readonly string[] {
  const formats = Object.keys(renderers) as (keyof OutputOptions)[];
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

/** Undefined when there is none. @throws RunnerError USAGE */
export function readBaseline(path: string): Baseline | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RunnerError('USAGE', `baseline: ${path} is none: ${(cause as Error).message}`, { cause });
  }
}

export function writeBaseline(path: string, baseline: Baseline): void {
  writeTo(path, renderJson(baseline));
}

function writeTo(path: string, content: string): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(path, content);
}

function renderJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
