import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';

export type MetricsRegistry = Registry<OpenMetricsContentType>;

/** A counter; without labels it is there, at 0, from the start. */
export function counter<Label extends string = never>(
  registry: MetricsRegistry,
  name: string,
  help: string,
  ...labelNames: Label[]
): Counter<Label> {
  return new Counter({ name, help, labelNames, registers: [registry] });
}

/** A gauge by one label whose values are read whenever the metrics are scraped. */
export function readGauge(registry: MetricsRegistry, name: string, help: string, label: string) {
  const readers = new Map<string, () => number>();
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      for (const [value, read] of readers) this.set({ [label]: value }, read());
    },
  });
  return { read: (value: string, read: () => number) => void readers.set(value, read) };
}
