import { replicaLimits } from '#catalog/limits.ts';
import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { backendErrors, replicaLinks, serviceLinks } from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { logs } from './evidence.ts';
import { limitOf, percent } from './limits.ts';
import { stat, timeSeries } from './panels.ts';
import { chosen, rate, sum } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { jobAndInstance } from './variables.ts';

const memoryLimit = limitOf('MemoryNearLimit');
const lag = (statistic: string): string => chosen(`nodejs_eventloop_lag_${statistic}_seconds`);
const mean = (histogram: string, by: string): string =>
  `${sum(by, rate(chosen(`${histogram}_sum`)))} / (${sum(by, rate(chosen(`${histogram}_count`)))} > 0) or ${sum(by, rate(chosen(`${histogram}_count`)))}`;

export const runtime: DashboardSpec = {
  name: 'runtime',
  title: 'Node runtime',
  description:
    'The process of each replica: is it starved of CPU, short of memory, busy collecting garbage, or does it start again and again?',
  variables: jobAndInstance(jobs.backend),
  links: serviceLinks,
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Event loop lag, p99',
          description: 'Of the replica that is worst off: how long one callback keeps all others waiting.',
          unit: units.seconds,
          width: 6,
          thresholds: [
            { from: limitOf('EventLoopLag') / 2, color: 'yellow' },
            { from: limitOf('EventLoopLag'), color: 'red' },
          ],
          queries: [{ expr: `max(${lag('p99')})`, legend: 'lag' }],
        }),
        stat({
          title: 'CPU',
          description: 'Of the busiest replica, in cores. JavaScript runs on one: near 1 it cannot do more.',
          unit: units.share,
          decimals: 0,
          width: 6,
          thresholds: [
            { from: 0.7, color: 'yellow' },
            { from: 0.9, color: 'red' },
          ],
          queries: [{ expr: `max(${rate(chosen('process_cpu_seconds_total'))})`, legend: 'CPU' }],
        }),
        stat({
          title: 'Memory',
          description: `Resident memory of the largest replica, of what it may take. MemoryNearLimit warns at ${percent(memoryLimit / replicaLimits.memoryBytes)}.`,
          unit: units.share,
          decimals: 0,
          width: 6,
          thresholds: [
            { from: 0.75, color: 'yellow' },
            { from: memoryLimit / replicaLimits.memoryBytes, color: 'red' },
          ],
          queries: [
            {
              expr: `max(${chosen('process_resident_memory_bytes')}) / ${replicaLimits.memoryBytes}`,
              legend: 'memory',
            },
          ],
        }),
        stat({
          title: 'Starts in this range',
          description:
            'How often replicas started again in the range on the screen. One is a release or a crash, more are a loop.',
          unit: units.count,
          decimals: 0,
          width: 6,
          plain: true,
          thresholds: [
            { from: 1, color: 'yellow' },
            { from: 3, color: 'red' },
          ],
          queries: [
            {
              expr: `sum(changes(${chosen('process_start_time_seconds')}[$__range]))`,
              legend: 'starts',
              instant: true,
            },
          ],
        }),
        table({
          title: 'Replicas',
          description: 'What runs, since when, and how much it takes.',
          unit: units.count,
          height: 5,
          sortedBy: 'Replica',
          ascending: true,
          queries: [
            { expr: `max by (instance, version) (${chosen('nodejs_version_info')})`, format: 'table', instant: true },
            {
              expr: `time() - max by (instance) (${chosen('process_start_time_seconds')})`,
              format: 'table',
              instant: true,
            },
            { expr: sum('instance', rate(chosen('process_cpu_seconds_total'))), format: 'table', instant: true },
            { expr: sum('instance', chosen('process_resident_memory_bytes')), format: 'table', instant: true },
            { expr: sum('instance', chosen('process_open_fds')), format: 'table', instant: true },
          ],
          columns: [
            { from: 'instance', title: 'Replica', links: replicaTableLinks() },
            { from: 'version', title: 'Node' },
            { from: 'B', title: 'Up for', unit: units.duration },
            { from: 'C', title: 'CPU', unit: units.share },
            {
              from: 'D',
              title: 'Memory',
              unit: units.bytes,
              thresholds: [
                { from: 0.75 * replicaLimits.memoryBytes, color: 'yellow' },
                { from: memoryLimit, color: 'red' },
              ],
            },
            { from: 'E', title: 'Open files' },
          ],
        }),
      ],
    },
    {
      title: 'Event loop and CPU',
      panels: [
        timeSeries({
          title: 'Event loop lag',
          description:
            'The p99 and the maximum since the last scrape. What is slow here is slow for every request of the replica.',
          unit: units.seconds,
          thresholds: [{ from: limitOf('EventLoopLag'), color: 'red' }],
          links: replicaLinks,
          queries: [
            { expr: lag('p99'), legend: '{{instance}} p99' },
            { expr: lag('max'), legend: '{{instance}} max' },
          ],
        }),
        timeSeries({
          title: 'CPU',
          description: 'Cores, user and system together. More than 1 is garbage collection and the thread pool.',
          unit: units.share,
          thresholds: [{ from: 0.9, color: 'red' }],
          links: replicaLinks,
          queries: [
            { expr: sum('instance', rate(chosen('process_cpu_user_seconds_total'))), legend: '{{instance}} user' },
            { expr: sum('instance', rate(chosen('process_cpu_system_seconds_total'))), legend: '{{instance}} system' },
          ],
        }),
      ],
    },
    {
      title: 'Memory and garbage collection',
      panels: [
        timeSeries({
          title: 'Resident memory',
          description:
            'What the operating system sees, against what a replica may take. A line that only rises is a leak.',
          unit: units.bytes,
          width: 8,
          thresholds: [{ from: memoryLimit, color: 'red' }],
          links: replicaLinks,
          queries: [{ expr: chosen('process_resident_memory_bytes'), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Heap and what lies beside it',
          description: 'JavaScript objects in use, what is reserved for them, and buffers outside of the heap.',
          unit: units.bytes,
          width: 8,
          queries: [
            { expr: chosen('nodejs_heap_size_used_bytes'), legend: '{{instance}} used' },
            { expr: chosen('nodejs_heap_size_total_bytes'), legend: '{{instance}} reserved' },
            { expr: chosen('nodejs_external_memory_bytes'), legend: '{{instance}} external' },
          ],
        }),
        timeSeries({
          title: 'Old space',
          description: 'Objects that survived: after each major collection it should come back to the same level.',
          unit: units.bytes,
          width: 8,
          queries: [{ expr: chosen('nodejs_heap_space_size_used_bytes', 'space="old"'), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Time spent collecting',
          description: 'Share of the time that went into garbage collection. Above some percent it is felt.',
          unit: units.share,
          thresholds: [{ from: 0.1, color: 'red' }],
          queries: [{ expr: sum('instance', rate(chosen('nodejs_gc_duration_seconds_sum'))), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Mean pause by kind',
          description: 'How long one collection lasts. Minor ones are short and frequent; a major one stops requests.',
          unit: units.seconds,
          queries: [{ expr: mean('nodejs_gc_duration_seconds', 'kind'), legend: '{{kind}}' }],
        }),
      ],
    },
    {
      title: 'Handles and telemetry',
      panels: [
        timeSeries({
          title: 'Open files',
          description:
            'Sockets and files. A line that only rises is a leak; at the limit nothing can be opened any more.',
          unit: units.count,
          width: 8,
          queries: [{ expr: chosen('process_open_fds'), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'What keeps the process busy',
          description: 'Active handles by type: sockets, timers, servers.',
          unit: units.count,
          width: 8,
          queries: [{ expr: sum('type', chosen('nodejs_active_resources')), legend: '{{type}}' }],
        }),
        timeSeries({
          title: 'Spans sent and lost',
          description: 'What the replica tells of its traces. Lost spans are holes in what you see.',
          unit: units.perSecond,
          width: 8,
          colors: { '/lost/': 'red' },
          queries: [
            { expr: sum('instance', rate(chosen(metrics.spansExported))), legend: '{{instance}} sent' },
            { expr: sum('reason', rate(chosen(metrics.spansDropped))), legend: 'lost: {{reason}}' },
          ],
        }),
        timeSeries({
          title: 'Lines logged',
          description:
            'By level. A replica that logs far more than it has requests and messages drowns what matters: LogVolumeHigh.',
          unit: units.perSecond,
          links: replicaLinks,
          queries: [{ expr: sum('instance, level', rate(chosen(metrics.logLines))), legend: '{{instance}} {{level}}' }],
        }),
        timeSeries({
          title: 'Samples a scrape',
          description:
            'How many series each replica has. A line that only rises is a label that takes ever new values.',
          unit: units.count,
          thresholds: [{ from: limitOf('MetricCardinalityHigh'), color: 'red' }],
          queries: [{ expr: chosen('scrape_samples_post_metric_relabeling'), legend: '{{instance}}' }],
        }),
      ],
    },
    {
      title: 'What was said',
      panels: [
        logs({
          title: 'Warnings and errors',
          description: 'Of the chosen replicas; the last lines before a start are those of the process that ended.',
          query: backendErrors,
          width: 24,
        }),
      ],
    },
  ],
};

function replicaTableLinks() {
  return replicaLinks.map(({ title, url }) => ({
    title: title.replace('${__field.labels.instance}', '${__value.raw}'),
    url: url.replaceAll('${__field.labels.instance}', '${__value.raw}'),
  }));
}
