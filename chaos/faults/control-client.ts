import type { ActiveFault, FaultOrder, Strangers } from '#catalog/control.ts';
import type { ControlAddress } from '../engine/target.ts';
import type { Injected } from './injected.ts';

/** A replica does as it is told at once; the keeper may have to wait for processes to end and to start. */
const usualPatienceMs = 3000;

/** Speaks to the control port of one replica, or to the keeper; see catalog/control.ts for the protocol. */
export interface ControlClient {
  inject(id: string, order: FaultOrder): Promise<Injected>;
  active(): Promise<readonly ActiveFault[]>;
  /** Does nothing when it is not active. */
  revert(id: string): Promise<void>;
  /** Has calls of everybody else counted from now on, where that has not been asked for; gives how many there were. */
  strangers(): Promise<number>;
  /** The same, as soon as there are more than so many: waits for as long as `signal` lets it, and knows it at once. */
  strangersBeyond(count: number): Promise<number>;
}

/** `signal` ends what is under way, but never a revert: that must always be tried. */
export function controlClient(control: ControlAddress, signal: AbortSignal): ControlClient {
  const active = async (): Promise<readonly ActiveFault[]> => {
    const { body } = await send('GET', '/faults');
    return (body as { active: readonly ActiveFault[] }).active;
  };
  const revert = async (id: string): Promise<void> => void (await send('DELETE', `/faults/${id}`));
  return {
    active,
    revert,
    strangers: async () => await counted(await send('GET', '/callers')),
    strangersBeyond: async (count) =>
      await counted(await send('GET', `/callers?beyond=${count}`, undefined, { interrupt: signal, isPatient: true })),
    async inject(id, order) {
      const { body } = await send('PUT', `/faults/${id}`, order, { interrupt: signal });
      return {
        injectedAtMs: (body as ActiveFault).injectedAtMs,
        source: control.name === 'keeper' ? 'keeper' : `${control.name} control port`,
        renew: async () => {
          const lease = { leaseSeconds: order.leaseSeconds };
          const { status } = await send('POST', `/faults/${id}/renew`, lease, { interrupt: signal, alsoFine: [404] });
          return status !== 404;
        },
        revert: () => revert(id),
        isActive: async () => (await active()).some((fault) => fault.id === id),
      };
    },
  };

  async function counted({ body }: { readonly body: unknown }): Promise<number> {
    const { strangers } = body as Strangers;
    if (strangers === null) await send('PUT', '/callers', { caller: control.caller });
    return strangers ?? 0;
  }

  async function send(
    method: string,
    path: string,
    body?: unknown,
    { interrupt, alsoFine = [], isPatient = false }: SendOptions = {},
  ): Promise<{ status: number; body: unknown }> {
    const patience = isPatient ? [] : [AbortSignal.timeout(control.patienceMs ?? usualPatienceMs)];
    const response = await fetch(`${control.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${control.token}`,
        'content-type': 'application/json',
        ...(control.caller === undefined ? {} : { 'x-caller': control.caller }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any(interrupt ? [interrupt, ...patience] : patience),
    });
    const text = await response.text();
    if (!response.ok && !alsoFine.includes(response.status)) {
      throw new Error(`${control.name}: ${method} ${path} was answered with ${response.status}: ${text}`);
    }
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}

interface SendOptions {
  readonly interrupt?: AbortSignal;
  readonly alsoFine?: readonly number[];
  /** An answer may come at any time. */
  readonly isPatient?: boolean;
}
