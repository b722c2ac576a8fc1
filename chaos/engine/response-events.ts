import type { Cause } from '#catalog/causes.ts';

/** What stands in the ledger of a drill that a person plays, beside what stands in every ledger. */
export type ResponseEvent =
  | {
      readonly event: 'response-started';
      readonly mode: ResponseMode;
      readonly person: string;
      readonly timeLimitSeconds: number;
      /** The sealed truth: sha256 in hex. */
      readonly commitment: string;
      /** Failed requests that spend the whole error budget of the period; absent where nothing says. */
      readonly budgetRequests?: number;
    }
  | { readonly event: 'hinted'; readonly number: number; readonly text: string; readonly cost: number }
  | ({ readonly event: 'answered' } & Answer)
  /** What ended faults: something that the drill file accepts, or whatever had the effect. */
  | {
      readonly event: 'mitigated';
      readonly does: string;
      readonly how: 'operation' | 'probe' | 'effect';
      readonly faults: readonly string[];
      /** Replicas that may be out of service from then on. */
      readonly without: readonly string[];
    }
  /** Every SLI has been back for this long without a break. */
  | { readonly event: 'users-well'; readonly keptSeconds: number }
  /** Nothing is broken, and it has been watched for long enough to be told from something. */
  | { readonly event: 'watched' }
  | { readonly event: 'given-up'; readonly how: 'revealed' | 'aborted' }
  /** Requests that each replica answered over some seconds, counted at the edge. */
  | { readonly event: 'serving'; readonly byReplica: Readonly<Record<string, number>> }
  | { readonly event: 'load-lost'; readonly problem: string }
  /** Digest of the rules and routes that are loaded, without what they are doing. */
  | { readonly event: 'rules'; readonly digest: string }
  /** What is stored; at the end beside what users were told is stored. */
  | { readonly event: 'data'; readonly stored: Stored; readonly promised?: Promised }
  | { readonly event: 'silenced'; readonly id: string; readonly alerts: readonly string[]; readonly by: string }
  /** How far the wall's clock went from the steady one since the start. */
  | { readonly event: 'clock'; readonly shiftMs: number }
  | { readonly event: 'unsealed'; readonly truth: Truth; readonly nonce: string };

/** `guided` says what to look at next; `blind` says nothing but what an incident says by itself. */
export type ResponseMode = 'guided' | 'blind';

/** What the stores say. */
export interface Stored {
  /** Of the rows that every installation begins with. */
  readonly digest: string;
  readonly addedRows: number;
  /** Messages, over all queues: processed, pending, given up and thrown away ones are accounted for. */
  readonly accepted: number;
  readonly accountedFor: number;
}

/** At least so much was confirmed to users by answers that are on record. */
export interface Promised {
  /** Added, and never asked to be removed. */
  readonly rows: number;
  readonly messages: number;
}

export interface Answer {
  readonly component: string;
  readonly cause: Cause;
}

/** What was sealed at the start: all that somebody who plays must not know. */
export interface Truth {
  readonly drill: string;
  readonly seed: string;
  readonly faults: readonly {
    readonly fault: string;
    readonly target: string;
    readonly args: Readonly<Record<string, unknown>>;
  }[];
  readonly answer: readonly Answer[];
}
