import { Duplex } from 'node:stream';
import pg from 'pg';
import type { Session } from './session.ts';

/** A session whose connection breaks when something is sent through it. */
export function brokenSession(): Session {
  return strandedSession((wire) => wire.destroy());
}

/** A session in which nothing is ever answered. */
export function silentSession(): Session {
  return strandedSession(() => undefined);
}

/** What the server says of a statement that it does not carry out. */
export interface Refusal {
  readonly severity: 'ERROR' | 'FATAL';
  readonly code: string;
  readonly message: string;
}

/** A session in which every statement is refused. */
export function refusedSession(refusal: Refusal): Session {
  return strandedSession((wire) => {
    wire.emit('connect');
    wire.push(Buffer.concat([authenticated, readyForQuery, errorResponse(refusal)]));
  });
}

/** The driver over a wire to nowhere: what it throws is its own. */
function strandedSession(onQuery: (wire: Duplex) => void): Session {
  const wire = createWire();
  const client = new pg.Client({ stream: () => wire as never });
  client.on('error', ignore);
  client.connect(ignore);
  return {
    processId: undefined,
    query(statement) {
      const result = client.query(statement);
      onQuery(wire);
      return result;
    },
    release: () => void wire.destroy(),
  };
}

/** Takes what is written, and looks like a socket to the driver. */
function createWire(): Duplex {
  const wire = new Duplex({ read: ignore, write: (_chunk, _encoding, done) => done() });
  return Object.assign(wire, { connect: ignore, setNoDelay: ignore, setKeepAlive: ignore, ref: ignore, unref: ignore });
}

/** @source https://www.postgresql.org/docs/current/protocol-message-formats.html */
const authenticated = message('R', Buffer.alloc(4));
const readyForQuery = message('Z', Buffer.from('I'));

/** @source https://www.postgresql.org/docs/current/protocol-error-fields.html */
function errorResponse({ severity, code, message: text }: Refusal): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`];
  return message('E', Buffer.from(`${fields.map((field) => `${field}\0`).join('')}\0`));
}

function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + content.length);
  return Buffer.concat([Buffer.from(type), length, content]);
}

function ignore(): void {}
