import { execa } from 'execa';
import { projectFile } from '#runner/project.ts';

/** One run of the load generator. */
export interface LoadSpec {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Load before the measurement, of the same kind. */
  readonly warmUpSeconds: number;
  /** As many as the server takes when absent. */
  readonly requestsPerSecond?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Processes whose processor time is taken over the measurement. */
  readonly watchedPids: readonly number[];
  readonly keepLatencies?: boolean;
}

export interface LoadResult {
  readonly seconds: number;
  /** Answers 2xx. */
  readonly ok: number;
  /** Other answers, broken connections, timeouts. */
  readonly failed: number;
  readonly generatorCpuSeconds: number;
  /** In the order of `watchedPids`; counted in hundredths of a second. */
  readonly watchedCpuSeconds: readonly number[];
  /** Ascending; empty unless kept. */
  readonly responseMs: readonly number[];
}

/**
 * Runs the load generator where this process runs.
 * @throws when a request failed: a benchmark of errors is none
 */
export async function generateLoad(spec: LoadSpec, signal: AbortSignal): Promise<LoadResult> {
  const { stdout } = await execa(
    process.execPath,
    [projectFile('benchmarks/peers/generator.cjs'), JSON.stringify(spec)],
    { cancelSignal: signal },
  );
  const result = JSON.parse(stdout) as LoadResult;
  if (result.failed > 0)
    throw new Error(`${result.failed} of ${result.ok + result.failed} requests to ${spec.url} failed`);
  return result;
}
