import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, describe, expect, it } from 'vitest';
import { SpanEncoder } from './encode-spans.ts';
import { OtlpExporter } from './exporter.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Post {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers with one status after the other, the last one again and again; 0 breaks the connection, -1 never answers. */
async function receiver(...statuses: readonly number[]) {
  const posts: Post[] = [];
  const server = createServer(async (request, response) => {
    posts.push({ url: request.url, headers: request.headers, body: await buffer(request) });
    const status = statuses[Math.min(posts.length, statuses.length) - 1] ?? 200;
    if (status === 0) request.socket.destroy();
    if (status > 0) response.writeHead(status).end();
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { posts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces` };
}

function spans() {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.getTracer('firedrill').startSpan('GET').end();
  return exporter.getFinishedSpans();
}

function send(url: string, timeoutMs = 10_000): Promise<ExportResult> {
  const exporter = new OtlpExporter({ url, timeoutMs, firstPauseMs: 1 });
  return new Promise<ExportResult>((resolve) => exporter.export(spans(), resolve)).finally(() => exporter.shutdown());
}

describe('spans are posted', () => {
  it('as protobuf to the path for traces', async () => {
    const { url, posts } = await receiver(200);
    const exporter = new OtlpExporter({ url, timeoutMs: 10_000 });
    const batch = spans();
    const result = await new Promise<ExportResult>((resolve) => exporter.export(batch, resolve));
    await exporter.shutdown();
    expect(result.code).toBe(ExportResultCode.SUCCESS);
    expect(posts).toHaveLength(1);
    expect(posts[0]).toMatchObject({ url: '/v1/traces', headers: { 'content-type': 'application/x-protobuf' } });
    expect(posts[0]?.body.equals(new SpanEncoder().encode(batch))).toBe(true);
  });

  it.each([[429], [502], [503], [504], [0]])('again when the receiver could not take them: %i', async (status) => {
    const { url, posts } = await receiver(status, status, 200);
    expect((await send(url)).code).toBe(ExportResultCode.SUCCESS);
    expect(posts).toHaveLength(3);
    expect(posts[2]?.body.equals(posts[0]?.body ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([[400], [404], [500]])('once when they are refused: %i', async (status) => {
    const { url, posts } = await receiver(status);
    expect(await send(url)).toMatchObject({
      code: ExportResultCode.FAILED,
      error: { message: `the receiver answered ${status}` },
    });
    expect(posts).toHaveLength(1);
  });

  it.each([[503], [-1]])(
    'until the time for it is over: %i',
    async (status) => {
      const { url, posts } = await receiver(status);
      expect((await send(url, 100)).code).toBe(ExportResultCode.FAILED);
      expect(posts.length).toBeGreaterThan(0);
    },
    20_000,
  );
});
