import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

/** What a replica that echoes got. */
export interface Echo {
  readonly replica: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface EchoReplica extends Disposable {
  /** Connections it has been sent so far. */
  connections(): number;
  /** Requests it has been sent so far. */
  requests(): number;
  /** Answers whose last byte has left for nginx. */
  finished(): number;
}

/** Tells who answered and what arrived; `?answer=` chooses the status, `?break=` breaks the connection, `?bytes=` adds as many, `?after=` waits that long, in ms. */
export async function startEcho(replica: string, port: number): Promise<EchoReplica> {
  let connections = 0;
  let requests = 0;
  let finished = 0;
  const server = createServer((request, response) => {
    requests += 1;
    response.once('finish', () => {
      finished += 1;
    });
    const { searchParams } = new URL(request.url ?? '', 'http://replica');
    if (searchParams.has('break')) {
      request.socket.destroy();
      return;
    }
    const status = Number(searchParams.get('answer') ?? 200);
    response.statusCode = status;
    if (status === 503) response.setHeader('Retry-After', '7');
    const padding = 'x'.repeat(Number(searchParams.get('bytes') ?? 0));
    const body = JSON.stringify({ replica, url: request.url, headers: request.headers, padding });
    const after = Number(searchParams.get('after') ?? 0);
    if (after === 0) response.end(body);
    else setTimeout(() => response.end(body), after).unref();
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.keepAliveTimeout = 75_000;
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    connections: () => connections,
    requests: () => requests,
    finished: () => finished,
    [Symbol.dispose]: () => server.close().closeAllConnections(),
  };
}
