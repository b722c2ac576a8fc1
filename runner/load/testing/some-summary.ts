import type { LoadSummary } from '../summary.ts';

/** Of a hundred requests that went well. */
export function someSummary(change: Partial<LoadSummary>): LoadSummary {
  return {
    durationSeconds: 10,
    iterations: 100,
    droppedIterations: 0,
    lateIterations: 0,
    latestSeconds: 0,
    requests: 100,
    failedRequests: 0,
    virtualUsers: 20,
    answerSeconds: { p50: 0.004, p95: 0.0123, p99: 0.02, max: 3 },
    checks: [{ name: 'GET /: status 200', passed: 100, failed: 0 }],
    objectives: [
      { name: 'edge-availability', displayName: 'Availability', allowedBadRatio: 0.005, bad: 0, total: 100 },
    ],
    ...change,
  };
}
