/** The distance to the database belongs to the topology: it is there before the first request. */
export async function setDatabaseLatency(toxiproxyUrl: string, latencyMs: number, signal: AbortSignal): Promise<void> {
  if (latencyMs === 0) return;
  const toxic = { name: 'distance', type: 'latency', stream: 'downstream', attributes: { latency: latencyMs } };
  const response = await fetch(`${toxiproxyUrl}/proxies/postgres/toxics`, {
    method: 'POST',
    body: JSON.stringify(toxic),
    signal,
  });
  if (!response.ok) throw new Error(`the latency of the database was answered with ${response.status}`);
}
