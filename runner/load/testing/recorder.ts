import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that is none of ours: it knows no route, and remembers what it was asked. */
export interface Recorder extends AsyncDisposable {
  readonly url: string;
  /** Method and address of each request. */
  readonly asked: readonly string[];
  /** Of those who sent one. */
  readonly authorizations: readonly string[];
}

export async function startRecorder(status = 404, delayMs = 0): Promise<Recorder> {
  const asked: string[] = [];
  const authorizations: string[] = [];
  const server = createServer(({ method, url, headers: { authorization } }, response) => {
    asked.push(`${method} ${url}`);
    if (authorization !== undefined) authorizations.push(authorization);
    setTimeout(() => response.writeHead(status).end('{}'), delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    authorizations,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
