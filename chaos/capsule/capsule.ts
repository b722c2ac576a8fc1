import { gunzipSync, gzipSync } from 'node:zlib';
import type { LedgerEntry } from '../engine/ledger.ts';

/** All that is kept of a run, in one file: what is told of it later needs no stack. Times are Unix milliseconds. */
export interface Capsule {
  readonly version: 1;
  readonly ledger: readonly LedgerEntry[];
  /** Path of the runbook in the repository, where the drill names one. */
  readonly runbook?: string;
  readonly curves: readonly Curve[];
  readonly alerts: readonly AlertHistory[];
  readonly logs: readonly LogExcerpt[];
  readonly traces: readonly TraceExcerpt[];
  /** What could not be asked for, and why: evidence that is not there is said to be missing. */
  readonly missing: readonly string[];
}

/** What a query gave over the run. */
export interface Curve {
  readonly title: string;
  readonly unit: CurveUnit;
  readonly query: string;
  readonly lines: readonly Line[];
}

/** `share` is 0 to 1. */
export type CurveUnit = 'share' | 'seconds' | 'perSecond' | 'number';

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** When one alert was pending and firing. */
export interface AlertHistory {
  readonly alert: string;
  /** What tells alerts of this name apart; may be empty. */
  readonly subject: string;
  readonly severity: string;
  readonly pending: readonly Interval[];
  readonly firing: readonly Interval[];
}

export type Interval = readonly [fromMs: number, toMs: number];

export interface LogExcerpt {
  readonly title: string;
  readonly query: string;
  /** Lines that the query matches in the run; the excerpt has the first of them. */
  readonly total: number;
  readonly lines: readonly { readonly atMs: number; readonly text: string }[];
}

export interface TraceExcerpt {
  readonly title: string;
  readonly traceId: string;
  /** In order of their tree. */
  readonly spans: readonly SpanExcerpt[];
}

export interface SpanExcerpt {
  readonly service: string;
  readonly name: string;
  /** Spans above it. */
  readonly depth: number;
  readonly startMs: number;
  readonly durationMs: number;
  /** Of the span itself, in its own words; empty when all was well. */
  readonly error: string;
}

export function packCapsule(capsule: Capsule): Buffer {
  return gzipSync(JSON.stringify(capsule));
}

/** @throws Error when it is no capsule, or one of another version. */
export function unpackCapsule(packed: Uint8Array): Capsule {
  const capsule: unknown = JSON.parse(gunzipSync(packed).toString());
  if (typeof capsule === 'object' && capsule !== null && 'version' in capsule && capsule.version === 1) {
    return capsule as Capsule;
  }
  throw new Error('expected a capsule of version 1');
}
