import { join } from 'node:path';
import type { ProfileName } from '#load-tests/profiles.ts';
import { remoteWrite } from '#load-tests/remote-write.ts';
import type { ProcessSpec } from '../process.ts';
import { projectFile } from '../project.ts';

export interface K6Order {
  /** The binary. */
  readonly k6: string;
  /** A file of `load-tests/scenarios`, without its ending. */
  readonly scenario: string;
  readonly profile: ProfileName;
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  /** The scenarios' own when absent. */
  readonly seed?: string;
  readonly targetUrl: string;
  /** Of the users who are signed in. */
  readonly token?: string | undefined;
  /** Gets what k6 measures, second by second. */
  readonly prometheusUrl?: string | undefined;
  readonly paths?: readonly string[];
  readonly objectivesFile?: string;
  /** Processors that k6 may keep busy. */
  readonly cores: number;
  /** k6 leaves its log here. */
  readonly directory: string;
  readonly summaryFile: string;
  /** What else k6 is told. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** k6 with a scenario of ours; when interrupted it ends its iterations and writes its summary. */
export function k6Process(order: K6Order): ProcessSpec {
  const { scenario, prometheusUrl, directory, args = ['--address', ''], env } = order;
  const toPrometheus = prometheusUrl === undefined ? undefined : remoteWrite.env(prometheusUrl);
  return {
    name: 'k6',
    file: order.k6,
    args: [
      ...['run', '--quiet', '--no-usage-report', '--no-color'],
      ...args,
      ...(toPrometheus ? remoteWrite.args : []),
      projectFile(`load-tests/scenarios/${scenario}.ts`),
    ],
    env: {
      PROFILE: order.profile,
      RATE_PER_SECOND: String(order.ratePerSecond),
      DURATION_SECONDS: String(order.durationSeconds),
      SEED: order.seed ?? '',
      TARGET_URL: order.targetUrl,
      TOKEN: order.token ?? '',
      // Nobody else's, should there be one around.
      JWT_SECRET: '',
      PATHS: order.paths === undefined ? '' : JSON.stringify(order.paths),
      OBJECTIVES_FILE: order.objectivesFile ?? '',
      SUMMARY_FILE: order.summaryFile,
      GOMAXPROCS: String(order.cores),
      ...toPrometheus,
      ...env,
    },
    cwd: directory,
    logFile: join(directory, 'k6.log'),
    stopSignal: 'SIGINT',
  };
}
