import type pg from 'pg';
import type { FailureMode } from '../../platform/failure-mode.ts';
import type { Connections } from './connections.ts';
import { brokenSession, silentSession } from './stranded-session.ts';

/** A connection while one caller has it. */
export interface Session {
  /** Of the server's process that serves it; undefined where there is no server. */
  readonly processId: number | undefined;
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
  if (mode === 'database') return brokenSession();
  if (mode === 'timeout') return silentSession();
  const session = pooledSession(await connections.acquire(withinMs));
  return mode === 'internal' ? { ...session, query: (statement) => withoutResult(session.query(statement)) } : session;
}

function pooledSession(client: pg.PoolClient): Session {
  // A connection that breaks fails its statement, and emits this besides: without a listener it would end the process.
  client.on('error', ignore);
  return {
    processId: (client as { readonly processID?: number }).processID,
    query: (statement) => client.query(statement),
    release(reusable) {
      client.off('error', ignore);
      client.release(!reusable);
    },
  };
}

async function withoutResult(result: Promise<unknown>): Promise<pg.QueryResult> {
  await result;
  return {} as pg.QueryResult;
}

function ignore(): void {}
