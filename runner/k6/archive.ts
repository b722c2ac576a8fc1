import { createReadStream, writeFileSync } from 'node:fs';
import { buffer, json } from 'node:stream/consumers';
import { execa } from 'execa';
import { extract, pack } from 'tar-stream';
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
  const { options } = await readMetadata(file);
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
export async function keepFromAborting(file: string, thresholds: readonly Threshold[]): Promise<void> {
  const names = new Set(thresholds.map(({ name }) => name));
  const changed = pack();
  const writing = buffer(changed);
  for await (const entry of createReadStream(file).pipe(extract())) {
    const { size: _, ...header } = entry.header;
    const content = await buffer(entry);
    changed.entry(header, header.name === metadataName ? Buffer.from(relieved(content.toString())) : content);
  }
  changed.finalize();
  writeFileSync(file, await writing);

  function relieved(text: string): string {
    const metadata = metadataSchema.parse(JSON.parse(text));
    const thresholds = Object.entries(metadata.options.thresholds ?? {}).map(([metric, all]) => [
      metric,
      all.map((one) => (typeof one !== 'string' && names.has(thresholdOf(metric, one).name) ? one.threshold : one)),
    ]);
    return JSON.stringify({
      ...metadata,
      options: { ...metadata.options, thresholds: Object.fromEntries(thresholds) },
    });
  }
}

const metadataName = 'metadata.json';

async function readMetadata(file: string): Promise<z.infer<typeof metadataSchema>> {
  for await (const entry of createReadStream(file).pipe(extract())) {
    if (entry.header.name === metadataName) return metadataSchema.parse(await json(entry));
    entry.resume();
  }
  throw new Error(`k6 wrote an archive without ${metadataName}: ${file}`);
}
