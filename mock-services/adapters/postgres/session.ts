import { Socket } from 'node:net';
import pg from 'pg';
import type { FailureMode } from '../../platform/failure-mode.ts';
import type { Connections } from './connections.ts';

/** A connection while one caller has it. */
export interface Session {
  query(statement: Statement): Promise<pg.QueryResult>;
  /** To be called exactly once; a connection that cannot be used again is closed. */
  release(reusable: boolean): void;
}

export interface Statement extends pg.QueryConfig {
  /** The driver gives up after so many milliseconds. */
  readonly query_timeout: number;
}

/** A session on a connection of the pool, or, for a request that fails by itself, on one that fails like a real one. */
export async function openSession(
  connections: Connections,
  withinMs: number,
  mode: FailureMode | undefined,
): Promise<Session> {
  if (mode === 'database') return strandedSession((wire) => wire.destroy());
  if (mode === 'timeout') return strandedSession(() => undefined);
  const session = pooledSession(await connections.acquire(withinMs));
  return mode === 'internal' ? { ...session, query: (statement) => withoutResult(session.query(statement)) } : session;
}

function pooledSession(client: pg.PoolClient): Session {
  // A connection that breaks fails its statement, and emits this besides: without a listener it would end the process.
  client.on('error', ignore);
  return {
    query: (statement) => client.query(statement),
    release(reusable) {
      client.off('error', ignore);
      client.release(!reusable);
    },
  };
}

/** The driver over a wire to nowhere: what it throws is its own. */
function strandedSession(onQuery: (wire: Socket) => void): Session {
  const wire = new Socket();
  wire.connect = () => wire;
  const client = new pg.Client({ stream: () => wire });
  client.on('error', ignore);
  client.connect(ignore);
  return {
    query(statement) {
      const result = client.query(statement);
      onQuery(wire);
      return result;
    },
    release: () => void wire.destroy(),
  };
}

async function withoutResult(result: Promise<unknown>): Promise<pg.QueryResult> {
  await result;
  return {} as pg.QueryResult;
}

function ignore(): void {}
