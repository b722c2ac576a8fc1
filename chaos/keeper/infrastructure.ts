import type { Undo } from './kept-fault.ts';

/**
 * What the stack runs on, as faults may touch it; the runner implements it. Whatever returns an `Undo` is one wish among those of
 * other faults: as long as one of them stands, it is fulfilled. An operator may end all wishes about a thing; undoing them
 * then does nothing.
 */
export interface Infrastructure {
  readonly replicas: readonly string[];
  /** Resolves with the name of the proxy through which requests to this service go until it is undone. */
  proxied(service: string): Promise<{ readonly proxy: string; readonly undo: Undo }>;
  /** Does something to all that passes a proxy. */
  addToxic(proxy: string, toxic: Toxic): Promise<Undo>;
  /** Lets a proxy refuse connections, and ends those there are. */
  closeProxy(proxy: string): Promise<Undo>;
  /** As a crash: it comes back where somebody keeps it. */
  kill(service: string): Promise<void>;
  restart(service: string): Promise<void>;
  /** Starts it where it is down, unless somebody wishes it to be. */
  ensureRunning(service: string): Promise<void>;
  /** Resolves when it is ready, or down because somebody wishes it to be. @throws when it takes too long */
  untilReady(service: string, signal?: AbortSignal): Promise<void>;
  /** `gone` is stopped without a chance to finish. */
  hold(service: string, how: 'stopped' | 'gone' | 'paused'): Promise<Undo>;
  /** Deploys a release to a replica: its next version, with this in its environment. */
  release(replica: string, environment: Readonly<Record<string, string>>): Promise<Undo>;
  configureEdge(change: EdgeChange): Promise<Undo>;
  /** How much the cache may hold: the least that anybody wishes. */
  limitCache(bytes: number): Promise<Undo>;
}

/** One change of the configuration of nginx. */
export type EdgeChange =
  /** It gets no requests. */
  | { readonly kind: 'away'; readonly replica: string }
  /** Its requests are sent where nobody listens, and nobody else is asked instead. */
  | { readonly kind: 'wrong-port'; readonly replica: string }
  /** What begins with one of these is not found. */
  | { readonly kind: 'missing'; readonly paths: readonly string[] }
  | { readonly kind: 'read-timeout'; readonly seconds: number }
  | { readonly kind: 'client-limit'; readonly perSecond: number; readonly burst: number };

/** What Toxiproxy does to what passes. @source https://github.com/Shopify/toxiproxy#toxics */
export interface Toxic {
  /** Of this toxic alone, so that several are there at once. */
  readonly name: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, number>>;
  readonly stream: 'upstream' | 'downstream';
}
