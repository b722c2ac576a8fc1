import type { Channel } from '#catalog/alerting.ts';

/** The running stack as the engine sees it; the runner implements it. Nothing outside this stack can be reached through it. */
export interface Target {
  readonly urls: {
    readonly edge: string;
    readonly prometheus: string;
    readonly loki: string;
    readonly jaeger: string;
    readonly alertmanager: string;
  };
  /** The backend replicas, each with the address nginx logs for it: what a fault may be done to. */
  readonly replicas: readonly { readonly name: string; readonly address: string }[];
  /** @throws Error when the service has no control port. */
  control(service: string): ControlAddress;
  /** Who holds the faults that are in no replica. */
  readonly keeper: ControlAddress;
  topology(): readonly TopologyEntry[];
  /** Milliseconds so far in which something on this machine waited for a processor; undefined where nobody knows. */
  processorWaitMs(): number | undefined;
  /** Lets nothing that watches remember what was: no window, no pending alert, no silence, no page. Services go on. */
  renewMonitoring(): Promise<void>;
  startLoad(order: LoadOrder): Promise<Load>;
  /** How often somebody was seen to have changed the ways to stores and replicas by hand since this was first asked. */
  strangersOnWays(): Promise<number>;
  /** Calls back for every alert in every notification from now on; returns how to stop. */
  onNotification(listener: (notification: Notification) => void): () => void;
  /** Calls back for everything that is done to the stack by its operators, and for faults that are none of the engine's; returns how to stop. */
  onOperation(listener: (event: OperationEvent) => void): () => void;
  /** What theory says about an alert of this stack; undefined when it is not a burn-rate alert. */
  limitsOf(alert: string): AlertLimits | undefined;
}

export interface ControlAddress {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  /** How long an answer may take. */
  readonly patienceMs?: number;
  /** Goes with every call where strangers are counted: see `PUT /callers`. */
  readonly caller?: string;
}

/** What was done to the stack, or tried, beside what the engine does; a ledger takes it as it is. */
export type OperationEvent =
  | {
      readonly event: 'operation';
      /** Such as `restart`. */
      readonly name: string;
      readonly targets: readonly string[];
      readonly ok: boolean;
      /** Why it was not done. */
      readonly problem?: string;
      /** Unix milliseconds; it is told when it has ended. */
      readonly startedAtMs: number;
    }
  /** Somebody called the interface of the faults by hand. */
  | {
      readonly event: 'control-access';
      readonly method: string;
      readonly admitted: boolean;
      /** What was called, such as the control port of a replica; the keeper when absent. */
      readonly at?: string;
    };

export interface TopologyEntry {
  readonly name: string;
  readonly state: string;
  readonly restarts: number;
}

/** No load lasts longer. */
export const longestLoadSeconds = 3600;

/** Whatever is broken, its requests are the same ones in the same order. */
export interface LoadOrder {
  readonly scenario: string;
  readonly ratePerSecond: number;
}

/** Disposing ends it whatever state it is in; both ways out can be taken more than once. */
export interface Load extends AsyncDisposable {
  /** Rejects when the generator ends before it is asked to. */
  readonly failed: Promise<never>;
  /** Ends the load and says what was offered. */
  stop(): Promise<LoadResult>;
}

export interface LoadResult {
  /** In which requests were sent whose answers are counted: without the wait for the last ones. */
  readonly durationSeconds: number;
  readonly requests: number;
  /** Iterations that could not be started on time: load that was promised and not offered. */
  readonly droppedIterations: number;
  readonly failedRequests: number;
}

/** What the pager told, and whom. */
export interface Notification {
  readonly receivedAtMs: number;
  readonly status: NotificationStatus;
  readonly alert: string;
  /** What tells alerts of this name apart, such as `backend-2`; may be empty. */
  readonly subject: string;
  readonly severity: string;
  readonly channel: Channel;
  /** Everybody who was told, such as `pager-backend`. */
  readonly receivers: readonly string[];
}

/** `firing` comes again while nobody acknowledges; `escalated` goes to the next receiver. */
export type NotificationStatus = 'firing' | 'escalated' | 'acknowledged' | 'resolved';

/** Closed forms of a burn-rate alert at the time scale of this stack. */
export interface AlertLimits {
  /** LogQL: which requests of the access log it counts as bad; absent where the log does not know all of its events. */
  readonly bad?: string;
  /** PromQL: which share of its events was bad over so many seconds, a value for each budget. */
  errorRatioQuery(seconds: number): string;
  /** From the first error until the page; all three are Infinity when the condition never becomes true. */
  detection(conditions: Conditions): Limit;
  /** From the last error until the page is taken back. */
  reset(conditions: Conditions & { readonly faultSeconds: number }): Limit;
}

/** Seconds. */
export interface Limit {
  /** The closed form for windows one scrape shorter: Prometheus leaves out the left end of a range. */
  readonly earliestSeconds: number;
  /** The closed form. */
  readonly seconds: number;
  /** The closed form, and all that scrape, evaluation, grouping and delivery may add. */
  readonly latestSeconds: number;
}

export interface Conditions {
  /** 0..1, while the fault is active. */
  readonly errorRatio: number;
  /** 0..1, before and after. */
  readonly baselineRatio: number;
  /** Seconds of traffic at the same rate that the windows held when the fault began. */
  readonly historySeconds: number;
  /** What the slowest request took while the fault was active, in seconds: it is counted when it ends. */
  readonly requestSeconds: number;
}
