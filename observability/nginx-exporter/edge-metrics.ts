import { Counter, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import { durationBucketsSeconds, edgeFailures, metrics, noUpstream, otherStatus, routes } from '#catalog/signals.ts';
import type { EdgeRequest } from './edge-request.ts';
import type { EdgeExemplar } from './edge-traces.ts';

/** Turns requests into what users got, as metrics. No label takes a value a client can choose. */
export class EdgeMetrics {
  readonly #requests: Counter<'method' | 'route' | 'status' | 'upstream'>;
  readonly #duration: Histogram<'method' | 'route' | keyof EdgeExemplar>;
  readonly #unreadable: Counter;
  readonly #upstreams: ReadonlyMap<string, string>;

  /** Series of the API exist from the start: a counter born at its first failure loses that failure for `rate()`. */
  constructor(registry: Registry<OpenMetricsContentType>, upstreams: ReadonlyMap<string, string>) {
    this.#upstreams = upstreams;
    this.#requests = new Counter({
      name: metrics.edgeRequests,
      help: 'Requests answered at the edge, by the replica that was tried last.',
      labelNames: ['method', 'route', 'status', 'upstream'],
      registers: [registry],
    });
    this.#duration = new Histogram({
      name: metrics.edgeRequestDuration,
      help: 'Time from the first byte of the request to the last of the answer, at the edge.',
      labelNames: ['method', 'route'],
      buckets: [...durationBucketsSeconds],
      enableExemplars: true,
      registers: [registry],
    });
    this.#unreadable = new Counter({
      name: 'edge_log_unreadable_lines_total',
      help: 'Lines of the access log that could not be read.',
      registers: [registry],
    });
    for (const { method, route, success } of routes.filter(({ route }) => route.startsWith('/api/'))) {
      this.#duration.zero({ method, route });
      for (const status of [success, ...edgeFailures]) {
        for (const upstream of [...upstreams.values(), noUpstream]) {
          this.#requests.inc({ method, route, status, upstream }, 0);
        }
      }
    }
  }

  /** `exemplar`: where the trace of the request can be opened. */
  observe({ line, method, route }: EdgeRequest, exemplar: EdgeExemplar | undefined): void {
    const status = line.status >= 100 && line.status <= 599 ? line.status : otherStatus;
    this.#requests.inc({ method, route, status, upstream: this.#lastUpstream(line.upstream_address) });
    const observed = { labels: { method, route }, value: line.duration_seconds };
    this.#duration.observe(exemplar === undefined ? observed : { ...observed, exemplarLabels: { ...exemplar } });
  }

  unreadable(): void {
    this.#unreadable.inc();
  }

  /** nginx names all it tried; where it found no replica to try it names the group, which is none of ours. */
  #lastUpstream(tried: string): string {
    const last = tried.slice(tried.lastIndexOf(' ') + 1);
    return this.#upstreams.get(last) ?? noUpstream;
  }
}
