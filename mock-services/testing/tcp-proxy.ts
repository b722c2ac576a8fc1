import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a store that can be cut while the store goes on. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Breaks all connections, and each new one, until it is healed. */
  cut(): void;
  heal(): void;
  /** Keeps what comes from the client, its connections left open, until it is let go. */
  hold(): void;
  letGo(): void;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let whole = true;
  let held: (() => void)[] | undefined;
  const own = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    own(client);
    if (!whole) {
      client.destroy();
      return;
    }
    const target = own(connect(targetPort, '127.0.0.1'));
    client.on('data', (chunk) => {
      if (held === undefined) target.write(chunk);
      else held.push(() => target.write(chunk));
    });
    target.pipe(client);
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      whole = false;
      breakAll();
    },
    heal() {
      whole = true;
    },
    hold() {
      held ??= [];
    },
    letGo() {
      for (const pass of held ?? []) pass();
      held = undefined;
    },
    async [Symbol.asyncDispose]() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
