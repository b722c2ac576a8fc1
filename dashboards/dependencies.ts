import { oldestMessageSeconds, replicaLimits } from '#catalog/limits.ts';
import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import {
  backendErrors,
  breakerMapping,
  databaseCalls,
  failedRequests,
  replicaLinks,
  serviceLinks,
} from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { logs, traces } from './evidence.ts';
import { limitOf, objectiveOf, percent } from './limits.ts';
import { everything } from './panel.ts';
import { stat, stateTimeline, timeSeries } from './panels.ts';
import { chosen, quantile, rate, share, sum } from './queries.ts';
import { units } from './units.ts';
import { jobAndInstance } from './variables.ts';

const queries = rate(chosen(`${metrics.dbQueryDuration}_count`));
const queryErrors = rate(chosen(metrics.dbQueryErrors));
const hits = rate(chosen(metrics.cacheHits));
const misses = rate(chosen(metrics.cacheMisses));

export const dependencies: DashboardSpec = {
  name: 'dependencies',
  title: 'Dependencies (USE)',
  description:
    'Utilisation, saturation and errors of the database, the cache and the queues, as the replicas see them: which of them is it?',
  variables: jobAndInstance(jobs.backend),
  links: serviceLinks,
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Queries that failed',
          description: 'Share of the database queries that ended with an error or in time with none.',
          unit: units.share,
          decimals: 2,
          thresholds: [
            { from: 0.001, color: 'yellow' },
            { from: 0.05, color: 'red' },
          ],
          queries: [
            { expr: share(sum('', queryErrors), `(${sum('', queries)} + ${sum('', queryErrors)})`), legend: 'failed' },
          ],
        }),
        stat({
          title: 'Database connections wanted',
          description: `Calls under way and waiting against the connections, of the replica that is worst off. Above 100 % calls wait; PoolSaturation tells from ${percent(limitOf('PoolSaturation'))}.`,
          unit: units.share,
          decimals: 0,
          thresholds: [
            { from: 0.7, color: 'yellow' },
            { from: limitOf('PoolSaturation'), color: 'red' },
          ],
          queries: [{ expr: `max(${databaseCalls})`, legend: 'wanted' }],
        }),
        stat({
          title: 'Reads the cache answered',
          description: 'Hits of hits and misses. Fewer hits are more queries.',
          unit: units.share,
          decimals: 1,
          thresholds: [
            { from: everything, color: 'red' },
            { from: 1 - limitOf('CacheMissRateHigh'), color: 'yellow' },
            { from: objectiveOf('cache-effectiveness').target, color: 'green' },
          ],
          queries: [{ expr: share(sum('', hits), `(${sum('', hits)} + ${sum('', misses)})`), legend: 'hits' }],
        }),
        stat({
          title: 'Messages in the fullest queue',
          description: `Of those that are worked off. QueueOverflow warns above ${limitOf('QueueOverflow')}.`,
          unit: units.count,
          thresholds: [
            { from: limitOf('QueueOverflow') / 10, color: 'yellow' },
            { from: limitOf('QueueOverflow'), color: 'red' },
          ],
          queries: [{ expr: `max(${chosen(metrics.queueSize, 'queue!="dead-letter"')})`, legend: 'wait' }],
        }),
        stat({
          title: 'Oldest message',
          description: `How long the oldest message of the priority queues has waited. The objective: ${oldestMessageSeconds} s.`,
          unit: units.seconds,
          thresholds: [
            { from: oldestMessageSeconds / 2, color: 'yellow' },
            { from: oldestMessageSeconds, color: 'red' },
          ],
          queries: [{ expr: `max(${chosen(metrics.queueOldestAge, 'queue!="dead-letter"')})`, legend: 'oldest' }],
        }),
        stat({
          title: 'Dead letters',
          description:
            'Messages that nothing could be done with. They wait for a person: read them, then replay or delete them.',
          unit: units.count,
          thresholds: [{ from: 1, color: 'orange' }],
          queries: [{ expr: `max(${chosen(metrics.queueSize, 'queue="dead-letter"')})`, legend: 'dead letters' }],
        }),
        stateTimeline({
          title: 'Circuit breakers',
          description:
            'Closed: calls go through. Open: they are refused at once, because too many failed. Half-open: one is let through to see.',
          unit: units.state,
          width: 24,
          height: 6,
          mappings: [breakerMapping],
          queries: [
            {
              expr: `max by (dependency, instance) (${chosen(metrics.circuitBreakerState)})`,
              legend: '{{dependency}} on {{instance}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Database',
      panels: [
        timeSeries({
          title: 'Queries',
          description: 'Successful queries a second by operation.',
          unit: units.perSecond,
          width: 8,
          stacked: true,
          queries: [{ expr: sum('operation', queries), legend: '{{operation}}' }],
        }),
        timeSeries({
          title: 'Query time, p95',
          description:
            'Of successful queries, by operation. All of them slow: the database or the way to it. One: its plan, its locks.',
          unit: units.seconds,
          width: 8,
          thresholds: [{ from: 0.1, color: 'yellow' }],
          queries: [
            {
              expr: `${quantile(0.95, 'operation', chosen(`${metrics.dbQueryDuration}_bucket`))} >= 0`,
              legend: '{{operation}}',
            },
          ],
        }),
        timeSeries({
          title: 'Queries that failed or were slow',
          description: 'Errors by operation, and queries slower than 100 ms.',
          unit: units.perSecond,
          width: 8,
          colors: { '/slow/': 'yellow' },
          queries: [
            { expr: sum('operation', queryErrors), legend: '{{operation}} failed' },
            { expr: sum('', rate(chosen(metrics.dbSlowQueries))), legend: 'slow, all operations' },
          ],
        }),
        timeSeries({
          title: 'Connections in use',
          description: `Of the ${replicaLimits.databaseConnections} each replica has.`,
          unit: units.count,
          max: replicaLimits.databaseConnections,
          thresholds: [{ from: limitOf('PoolSaturation') * replicaLimits.databaseConnections, color: 'red' }],
          links: replicaLinks,
          queries: [{ expr: chosen(metrics.activeConnections, 'kind="database"'), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Calls that wait for a connection, or are refused one',
          description: 'Waiting is saturation; refused are calls for which there was not even a place to wait.',
          unit: units.count,
          colors: { '/refused/': 'red' },
          queries: [
            { expr: chosen(metrics.bulkheadWaiting, 'dependency="database"'), legend: '{{instance}} waiting' },
            {
              expr: sum('instance', rate(chosen(metrics.bulkheadRejected, 'dependency="database"'))),
              legend: '{{instance}} refused a second',
            },
          ],
        }),
      ],
    },
    {
      title: 'Cache',
      panels: [
        timeSeries({
          title: 'Hit ratio',
          description: `Share of the reads that the cache answered. CacheMissRateHigh warns below ${percent(1 - limitOf('CacheMissRateHigh'))}.`,
          thresholds: [
            { from: everything, color: 'red' },
            { from: 1 - limitOf('CacheMissRateHigh'), color: 'green' },
          ],
          unit: units.share,
          max: 1,
          width: 8,
          queries: [
            {
              expr: share(sum('cache', hits), `(${sum('cache', hits)} + ${sum('cache', misses)})`),
              legend: '{{cache}}',
            },
          ],
        }),
        timeSeries({
          title: 'Reads',
          description: 'Hits and misses a second. Each miss is a query.',
          unit: units.perSecond,
          width: 8,
          stacked: true,
          queries: [
            { expr: sum('cache', hits), legend: '{{cache}} hit' },
            { expr: sum('cache', misses), legend: '{{cache}} miss' },
          ],
        }),
        timeSeries({
          title: 'Errors and old copies',
          description:
            'Commands that failed or timed out, and reads answered with an old copy because the database could not be asked.',
          unit: units.perSecond,
          width: 8,
          colors: { '/failed/': 'red', '/old/': 'yellow' },
          queries: [
            { expr: sum('cache', rate(chosen(metrics.cacheErrors))), legend: '{{cache}} failed' },
            { expr: sum('cache', rate(chosen(metrics.cacheStaleReads))), legend: '{{cache}} old copy' },
          ],
        }),
      ],
    },
    {
      title: 'Queues',
      panels: [
        timeSeries({
          title: 'Messages in each queue',
          description:
            'Every replica sees the same queues: the largest number any of them reports. A line that rises is a consumer that does not keep up.',
          unit: units.count,
          thresholds: [{ from: limitOf('QueueOverflow'), color: 'red' }],
          queries: [{ expr: `max by (queue) (${chosen(metrics.queueSize)})`, legend: '{{queue}}' }],
        }),
        timeSeries({
          title: 'Age of the oldest message',
          description: 'How long it has waited. Grows by a second each second when nothing is consumed.',
          unit: units.seconds,
          thresholds: [{ from: oldestMessageSeconds, color: 'red' }],
          queries: [
            {
              expr: `max by (queue) (${chosen(metrics.queueOldestAge, 'queue!="dead-letter"')})`,
              legend: '{{queue}}',
            },
          ],
        }),
        timeSeries({
          title: 'In and out',
          description: 'Messages accepted and processed a second. Where the two part, the queue grows.',
          unit: units.messagesPerSecond,
          width: 8,
          queries: [
            { expr: sum('queue', rate(chosen(metrics.queueAccepted, 'queue!="dead-letter"'))), legend: '{{queue}} in' },
            {
              expr: sum('queue', rate(chosen(metrics.queueProcessed, 'queue!="dead-letter"'))),
              legend: '{{queue}} out',
            },
          ],
        }),
        timeSeries({
          title: 'Attempts that failed, messages given up',
          description: 'A failed attempt is made again; a message given up becomes a dead letter.',
          unit: units.messagesPerSecond,
          width: 8,
          colors: { '/given up/': 'red' },
          queries: [
            { expr: sum('queue', rate(chosen(metrics.queueFailed))), legend: '{{queue}} failed' },
            { expr: sum('queue', rate(chosen(metrics.queueDeadLettered))), legend: '{{queue}} given up' },
          ],
        }),
        timeSeries({
          title: 'Processing time, p95',
          description: 'From the moment a message was taken until it was done.',
          unit: units.seconds,
          width: 8,
          queries: [
            {
              expr: `${quantile(0.95, 'queue', chosen(`${metrics.queueProcessingDuration}_bucket`))} >= 0`,
              legend: '{{queue}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'How the replicas protect themselves',
      panels: [
        timeSeries({
          title: 'Retries',
          description:
            'Calls tried again, and retries not made because the budget for them was spent: the dependency is really away.',
          unit: units.perSecond,
          width: 8,
          colors: { '/not made/': 'red' },
          queries: [
            { expr: sum('dependency', rate(chosen(metrics.retries))), legend: '{{dependency}}' },
            { expr: sum('dependency', rate(chosen(metrics.retriesSuppressed))), legend: '{{dependency}} not made' },
          ],
        }),
        timeSeries({
          title: 'Retry budget',
          description: 'Retries that may still be made, of the replica that has the fewest.',
          unit: units.count,
          width: 8,
          queries: [{ expr: `min by (dependency) (${chosen(metrics.retryBudget)})`, legend: '{{dependency}}' }],
        }),
        timeSeries({
          title: 'Calls under way',
          description:
            'Calls to each dependency at this moment, of the replica that has the most; and breakers that opened.',
          unit: units.count,
          width: 8,
          colors: { '/opened/': 'red' },
          queries: [
            { expr: `max by (dependency) (${chosen(metrics.bulkheadActive)})`, legend: '{{dependency}}' },
            {
              expr: sum('dependency', rate(chosen(metrics.circuitBreakerOpened))),
              legend: '{{dependency}} breaker opened a second',
            },
          ],
        }),
      ],
    },
    {
      title: 'What was said, and what it did',
      panels: [
        logs({
          title: 'Warnings and errors',
          description: 'Of the chosen replicas: the first line after a breaker opened names the reason.',
          query: backendErrors,
        }),
        traces({
          title: 'Failed requests',
          description: 'The latest traces with an error in them: the deepest failed span is the dependency.',
          searches: failedRequests,
        }),
      ],
    },
  ],
};
