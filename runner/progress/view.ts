export interface Stream {
  write(text: string): unknown;
  readonly columns?: number;
}

export interface RunningStep {
  /** Counted from 1. */
  readonly number: number;
  readonly title: string;
  readonly startedMs: number;
  detail: string;
}

export type Outcome = 'done' | 'failed';

/** How steps appear. */
export interface View {
  /** How often `tick` wants to be called while steps run. */
  readonly periodMs: number;
  began(step: RunningStep, running: readonly RunningStep[], total: number): void;
  ended(step: RunningStep, outcome: Outcome, running: readonly RunningStep[], total: number): void;
  tick(running: readonly RunningStep[], total: number): void;
  note(line: string, running: readonly RunningStep[], total: number): void;
}

/** `[ 3/12]` */
export function counter(step: RunningStep, total: number): string {
  return `[${String(step.number).padStart(String(total).length)}/${total}]`;
}

/** `0.4 s`, `12 s`, `3 min 05 s` */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}
