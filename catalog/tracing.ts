/** A trace is slow, and always kept, from here on: the threshold of the latency SLO of the edge. */
export const slowTraceSeconds = 0.3;

/** Share, 0 to 1, of the traces that are kept although nothing is remarkable about them. */
export const defaultTraceShare = 0.2;

/** Goes into the hash of a trace id that says whether it is in that share: whoever uses the same decides the same. */
export const traceShareSalt = 'firedrill';
