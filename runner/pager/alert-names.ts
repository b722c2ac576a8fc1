import { z } from 'zod';
import { askJson } from './ask.ts';

/** The alerts that Prometheus may raise; none when it does not say. */
export async function alertNames(prometheusUrl: string): Promise<readonly string[]> {
  try {
    const { data } = rulesSchema.parse(await askJson('prometheus', `${prometheusUrl}/api/v1/rules?type=alert`));
    return data.groups.flatMap(({ rules }) => rules.map(({ name }) => name));
  } catch {
    return [];
  }
}

/** @source https://prometheus.io/docs/prometheus/latest/querying/api/#rules */
const rulesSchema = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});
