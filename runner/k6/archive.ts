import { readFileSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { z } from 'zod';
import { parseDuration } from '#chaos/engine/duration.ts';
import { parseThreshold, type Threshold } from '#load-tests/k6/threshold.ts';
import { RunnerError } from '../errors.ts';

export interface ArchiveOrder {
  readonly k6: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Where it is written. */
  readonly file: string;
  readonly signal: AbortSignal;
}

const thresholdSchema = z.union([
  z.string(),
  z.looseObject({
    threshold: z.string(),
    abortOnFail: z.boolean().nullish(),
    delayAbortEval: z.string().nullish(),
  }),
]);

const metadataSchema = z.looseObject({
  options: z.looseObject({ thresholds: z.record(z.string(), z.array(thresholdSchema)).nullish() }),
});

/**
 * Has k6 put a script and all it needs into one file, and reads its thresholds there, as its options, flags and environment make them.
 * @throws RunnerError USAGE with what k6 says of a script or flags that it cannot use, or of a threshold that is none
 */
export async function archiveScript({ k6, script, args, file, signal }: ArchiveOrder): Promise<readonly Threshold[]> {
  const done = await execa(k6, ['archive', ...args, '--exclude-env-vars', '--archive-out', file, script], {
    reject: false,
    stdin: script === '-' ? 'inherit' : 'ignore',
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (done.exitCode !== 0) throw new RunnerError('USAGE', `k6: ${complaintOf(done)}`);
  const { options } = metadataSchema.parse(JSON.parse(readMetadata(readFileSync(file)).text));
  try {
    return Object.entries(options.thresholds ?? {}).flatMap(([metric, all]) =>
      all.map((one) => thresholdOf(metric, one)),
    );
  } catch (cause) {
    throw new RunnerError('USAGE', (cause as Error).message, { cause });
  }
}

/** Of a line of its log, if it is one. */
function complaintOf({ stderr, stdout, exitCode }: { stderr: string; stdout: string; exitCode?: number | undefined }) {
  const [, message] = /^time=\S+ level=error msg=("(?:[^"\\]|\\.)*")/m.exec(stderr) ?? [];
  if (message !== undefined) return message.slice(1, -1).replaceAll('\\"', '"');
  return stderr || stdout || `exit code ${exitCode}`;
}

function thresholdOf(metric: string, given: z.infer<typeof thresholdSchema>): Threshold {
  if (typeof given === 'string') return parseThreshold(metric, given);
  const { threshold, abortOnFail, delayAbortEval } = given;
  return parseThreshold(metric, threshold, abortOnFail ? secondsOf(delayAbortEval ?? '0s') : undefined);
}

/** As Go writes durations: `1m30s`. */
function secondsOf(text: string): number {
  const parts = text.match(/[\d.]+[a-z]+/g) ?? [];
  return parts.reduce((sum, part) => sum + (parseDuration(part) ?? 0), 0);
}

/** Takes from k6 to end the run when one of these is crossed: others decide that. */
export function keepFromAborting(file: string, thresholds: readonly Threshold[]): void {
  const names = new Set(thresholds.map(({ name }) => name));
  const archive = readFileSync(file);
  const { text, endsAt } = readMetadata(archive);
  const metadata = metadataSchema.parse(JSON.parse(text));
  const relieved = Object.entries(metadata.options.thresholds ?? {}).map(([metric, all]) => [
    metric,
    all.map((one) => (typeof one !== 'string' && names.has(thresholdOf(metric, one).name) ? one.threshold : one)),
  ]);
  const content = Buffer.from(
    JSON.stringify({ ...metadata, options: { ...metadata.options, thresholds: Object.fromEntries(relieved) } }),
  );
  const header = Buffer.from(archive.subarray(0, block));
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, sizeAt);
  header.fill(' ', checksumAt, checksumAt + 8);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, checksumAt);
  const padding = Buffer.alloc(padded(content.length) - content.length);
  writeFileSync(file, Buffer.concat([header, content, padding, archive.subarray(endsAt)]));
}

/** @source https://www.gnu.org/software/tar/manual/html_node/Standard.html */
const block = 512;
const sizeAt = 124;
const checksumAt = 148;

/** The first file of an archive of k6's. */
function readMetadata(archive: Buffer): { readonly text: string; readonly endsAt: number } {
  const size = Number.parseInt(archive.toString('latin1', sizeAt, sizeAt + 12), 8);
  return { text: archive.toString('utf8', block, block + size), endsAt: block + padded(size) };
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}
