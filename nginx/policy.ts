import { timeouts } from '#catalog/timeouts.ts';

/** What nginx counts as a failure of an upstream, and what it then does about it. */
export interface FailurePolicy {
  /** Conditions of `proxy_next_upstream`: each one sends the request on, and counts against the replica. */
  readonly nextUpstream: readonly ('error' | 'timeout' | 'http_500' | 'http_502' | 'http_503' | 'http_504')[];
  /** A replica that says nothing for this long is a `timeout`. */
  readonly readTimeoutSeconds: number;
  /** Replicas tried for one request, the first included. */
  readonly tries: number;
  /** Failures within `failTimeoutSeconds` after which a replica is left out for as long again; 0: never left out. */
  readonly maxFails: number;
  readonly failTimeoutSeconds: number;
  /**
   * Where every replica is left out they are asked all the same, by at most so many requests at a time each: if they are
   * back, users are served at once; if they hang, few wait for them. Nobody is asked when absent.
   */
  readonly lastResort?: number;
}

/**
 * Only what is no answer at all is a failure: a 500 reaches the user and ejects nobody.
 * @source docs/adr/0001-what-nginx-counts-as-an-upstream-failure.md
 */
export const failurePolicy: FailurePolicy = {
  nextUpstream: ['error', 'timeout'],
  readTimeoutSeconds: timeouts.edgeReadSeconds,
  tries: 2,
  maxFails: 3,
  failTimeoutSeconds: 30,
  // As many as a replica takes at a time (MAX_IN_FLIGHT): beyond that it would only refuse them itself.
  lastResort: 200,
};
