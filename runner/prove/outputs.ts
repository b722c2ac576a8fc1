import type { Proof } from '#chaos/prove/proof.ts';
import { renderJunit } from '#chaos/prove/render/junit.ts';
import { renderMarkdownProof } from '#chaos/prove/render/markdown.ts';
import { renderProofPage } from '#chaos/prove/render/page.ts';
import { outputFiles, renderJson } from '../output-files.ts';

/** Files that a person asked for. */
export interface OutputOptions {
  readonly json?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly html?: string;
}

export const proofOutputs = outputFiles<Proof, keyof OutputOptions>({
  json: renderJson,
  junit: renderJunit,
  markdown: renderMarkdownProof,
  html: renderProofPage,
});
