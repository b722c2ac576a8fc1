import { causeNames } from '#catalog/causes.ts';
import { operationNames } from '#catalog/operations.ts';

/** A drill that can be run as it is: one replica answers with errors. `inProject`: its schema stands beside it. */
export function newDrill(name: string, inProject: boolean): string {
  return `${inProject ? '# yaml-language-server: $schema=./drill.schema.json\n' : ''}apiVersion: firedrill.dev/v1
kind: Drill
metadata:
  name: ${name}
  title: Fill in what happens, in the words of whoever is paged
  difficulty: beginner # beginner, intermediate or advanced
  teaches: Fill in what one knows after it, in a sentence an engineer would say.
stack:
  profile: steady # flaky when noise is the point
  timeScale: 60 # an hour of an SLO's window is a minute
  replicas: 2
  databaseLatency: 50ms
load:
  scenario: browse # a file of load-tests/scenarios
  ratePerSecond: 120
# What holds while the stack is well. It must hold for holdFor before anything is injected, and again at the end.
steadyState:
  holdFor: 20s
  within: 60s
  probes:
    - name: users get data
      http: { path: /api/backend/data?limit=10, status: 200 }
    - name: no request fails at the edge
      promql:
        query: slo:sli_error:ratio_rate5m{sloth_slo="edge-availability"}
        tolerance: { atMost: 0 }
    - name: nothing pages
      alerts: { firing: none }
# More than this is refused before a stack is started.
blastRadius:
  maxTargets: 1
  maxDuration: 30s
  # Of all requests, those that can come to what is broken: one of two replicas.
  maxShare: 0.5
# Fill in: what breaks. When a person plays, a fault lasts until it is mitigated, not for as long as "for" says.
faults:
  - at: 0s
    for: 12s
    fault: http-error
    target: backend-2
    args: { ratio: 1, status: 500 }
    lease: 3s
expect:
  # Fill in: what has to page. limit is the closed form of a burn-rate alert; others take a duration.
  mustFire:
    - { alert: EdgeAvailabilityBurnRate, within: limit, resolvesWithin: limit }
  # What may fire beside it; all else has to stay silent.
  mayFire: [HighErrorRate, ReplicaImbalance, EdgeAvailabilityBurnRateTicket, ReplicaAvailabilityBurnRateTicket]
  slis:
    - name: error ratio at the edge
      query: slo:sli_error:ratio_rate5m{sloth_slo="edge-availability"}
      moves: { atLeast: 0.2 }
      recovers: { tolerance: { atMost: 0.005 }, within: 15s }
# For people who play it. Causes: ${causeNames.slice(0, 8).join(', ')},
# ${causeNames.slice(8).join(', ')}.
answer: { component: backend-2, cause: failing-replica }
timeLimit: 15m
# Operations: ${operationNames.join(', ')}.
mitigations:
  - does: restarts the replica
    operation: { name: restart, target: backend-2 }
  - does: takes the replica out of rotation
    operation: { name: drain, target: backend-2 }
# Fill in: from the first look to nearly all of it.
hints:
  - { text: Which part of the stack answers with errors is on the dashboard of the edge., cost: 5 }
  - { text: Compare the replicas., cost: 10 }
runbook: docs/runbooks/EdgeAvailabilityBurnRate.md
`;
}
