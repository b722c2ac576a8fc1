import { outputFiles, renderJson } from '../output-files.ts';
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

export const gateOutputs = outputFiles<GateRun, keyof GateOutputOptions>({
  json: renderJsonGate,
  junit: renderJunitGate,
  markdown: renderMarkdownGate,
  badge: ({ verdict }) => renderBadge(verdict),
});

/** JSON knows no infinite or missing numbers: they are null. */
export function renderJsonGate(run: GateRun): string {
  return renderJson({ formatVersion: 1, ...run });
}
