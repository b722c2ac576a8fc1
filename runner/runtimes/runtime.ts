import type { ContainerName } from '#catalog/containers.ts';
import type { Ports } from '#catalog/ports.ts';
import type { Profile, ReplicaName, ServiceName } from '#catalog/services.ts';
import type { Progress } from '../progress.ts';
import type { StackActions } from './stack-actions.ts';

/** The ways of running a stack: as child processes, or as containers. */
export const runtimeNames = ['native', 'compose'] as const;

export type RuntimeName = (typeof runtimeNames)[number];

/** What a stack is asked to be. */
export interface StackOptions {
  readonly profile: Profile;
  /** Divides every SLO window and alert delay; 1 is production. */
  readonly timeScale: number;
  readonly replicas: number;
  /** Added to every answer of the database, as if it were that far away, in milliseconds. */
  readonly databaseLatencyMs: number;
  /** Share of the traces, 0 to 1, that is kept beside all slow and all failed ones. */
  readonly traceShare: number;
  readonly ports: Ports;
}

/** Starts stacks: one implementation per way of running processes. */
export interface Runtime {
  /**
   * Resolves when every service is ready; when one fails, or on abort, all that was started is ended first.
   * @throws RunnerError
   */
  start(options: StackOptions, run: StartContext): Promise<StartedStack>;
}

export interface StartContext {
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** A running stack; disposing of it ends every process of it. */
export interface StartedStack extends AsyncDisposable {
  readonly options: StackOptions;
  /** Bearer token of every replica's control port. */
  readonly controlToken: string;
  /** What every replica verifies its users' tokens with. */
  readonly tokenSecret: string;
  /** The replicas, each with the address that nginx logs for it. */
  readonly replicas: readonly ReplicaAddress[];
  status(): readonly ServiceStatus[];
  readonly actions: StackActions;
  /** Where a k6 run or another guest of the stack may put its files. */
  readonly directory: string;
  /** Starts what watches (see `monitors`) anew, without anything that it remembers; what is watched goes on. */
  renewMonitoring(): Promise<void>;
}

/** What remembers what was: windows, pending alerts, silences, groups. */
export const monitors = ['prometheus', 'alertmanager'] as const satisfies readonly ServiceName[];

export interface ReplicaAddress {
  readonly name: ReplicaName;
  readonly address: string;
}

/** A service that ended although nobody asked it to. */
export interface Crash {
  readonly service: ContainerName;
  /** The signal or the exit code. */
  readonly how: string;
  /** It is being started again. */
  readonly comesBack: boolean;
}

export const serviceStates = ['ready', 'starting', 'restarting', 'stopped', 'paused'] as const;

export interface ServiceStatus {
  readonly name: ContainerName;
  readonly state: (typeof serviceStates)[number];
  /** Of its first process; absent for a container, whose processes may be of another machine. */
  readonly pid?: number;
  /** How often it was started again, after a crash or on request. */
  readonly restarts: number;
  readonly logFile: string;
}
