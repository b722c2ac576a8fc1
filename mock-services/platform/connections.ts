import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, pause } from './clock.ts';

/** Watches the connections of a server, so that it can be emptied without cutting an answer. */
export class Connections {
  readonly #server: Server;
  readonly #underWay = new Set<ServerResponse>();
  #open = 0;
  #phase: 'serving' | 'sending away' | 'draining' = 'serving';

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#open += 1;
      socket.once('close', () => {
        this.#open -= 1;
      });
    });
  }

  get open(): number {
    return this.#open;
  }

  /** To be told of each answer when its request arrives … */
  begin(response: ServerResponse): void {
    this.#underWay.add(response);
    if (this.#phase !== 'serving') response.shouldKeepAlive = false;
  }

  /** … and when it is over, or its client is gone. */
  end(response: ServerResponse): void {
    this.#underWay.delete(response);
    // An answer that had begun before the drain left its connection open.
    if (this.#phase === 'draining') this.#server.closeIdleConnections();
  }

  /** The answer that the client at this socket waits for. */
  answerOn(socket: Socket): ServerResponse | undefined {
    return [...this.#underWay].find((response) => response.socket === socket);
  }

  /**
   * For `durationMs` takes what comes and lets each answer be the last on its connection. A connection closed while it is
   * idle could be hit by a request that is just being sent, which nginx does not repeat when it is a POST.
   */
  async sendAway(durationMs: number, clock: Clock): Promise<void> {
    this.#phase = 'sending away';
    this.#closeAfterAnswers();
    await pause(clock, durationMs);
  }

  /** Takes no new connection, lets answers under way finish, cuts what is left after `limitMs`. */
  async drain(limitMs: number, clock: Clock): Promise<void> {
    this.#phase = 'draining';
    this.#closeAfterAnswers();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    const cancel = clock.after(limitMs, () => this.#server.closeAllConnections());
    await closed;
    cancel();
  }

  #closeAfterAnswers(): void {
    for (const response of this.#underWay) response.shouldKeepAlive = false;
  }
}
