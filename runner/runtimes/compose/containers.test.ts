import { describe, expect, it } from 'vitest';
import { afterEvent, type ContainerEvent, type ContainerState, eventStamp, parseEvent } from './containers.ts';

describe('what Docker tells of a container', () => {
  it('is ready once it is healthy, also after it came back', () => {
    const { state } = told('start', 'health_status: healthy', 'die 1', 'start', 'health_status: healthy');
    expect(state).toEqual({ state: 'ready', starts: 2 });
    expect(told('start').state.state).toBe('starting');
    expect(told('start', 'health_status: healthy', 'die 1', 'start').state.state).toBe('restarting');
  });

  it('is a crash that it comes back from when it ends by itself', () => {
    expect(told('start', 'die 137').crash).toEqual({ how: 'SIGKILL', comesBack: true });
    expect(told('start', 'die 7').crash).toEqual({ how: 'exit code 7', comesBack: true });
  });

  it('is paused until it goes on, and no crash', () => {
    const before = ['start', 'health_status: healthy', 'pause'];
    expect(told(...before)).toEqual({ state: { state: 'paused', starts: 1 } });
    expect(told(...before, 'unpause')).toEqual({ state: { state: 'ready', starts: 1 } });
  });

  it('says when the kernel ended it for its memory', () => {
    expect(told('start', 'oom', 'die 137').crash).toEqual({ how: 'SIGKILL at its memory limit', comesBack: true });
    expect(told('start', 'oom', 'die 137', 'start', 'die 137').crash?.how).toBe('SIGKILL');
  });

  it('stays down after somebody killed it from outside', () => {
    expect(told('start', 'kill', 'die 137').crash).toEqual({ how: 'SIGKILL', comesBack: false });
    expect(told('start', 'kill', 'die 137', 'start', 'die 137').crash?.comesBack).toBe(true);
  });

  it('is no crash when it was asked to end, and did in order', () => {
    expect(told('start', 'kill', 'die 0').crash).toBeUndefined();
  });

  it('is nothing new when it is asked for its health', () => {
    expect(told('start', 'health_status: healthy', 'exec_die 0')).toEqual({ state: { state: 'ready', starts: 1 } });
  });
});

it('knows when an event was, and what is none', () => {
  const event = JSON.stringify({
    action: 'die',
    service: 'pager',
    time: '1970-01-01T01:00:01.5+01:00',
    attributes: {},
  });
  expect(eventStamp(event)).toEqual({ source: 'events', timeNs: 1_500_000_000n });
  expect(eventStamp('Error response from daemon')).toBeUndefined();
  expect(parseEvent('Error response from daemon')).toBeUndefined();
});

/** Events in Docker's words; of `die`, with the exit code. */
function told(...events: readonly string[]) {
  let state: ContainerState | undefined;
  let change = afterEvent(state, read('create'));
  for (const event of events) {
    change = afterEvent(state, read(event));
    state = change.state;
  }
  return change;
}

function read(text: string): ContainerEvent {
  const [, action = text, exitCode] = /^(.*die) (\d+)$/.exec(text) ?? [];
  const event = parseEvent(JSON.stringify({ action, service: 'backend-1', attributes: exitCode ? { exitCode } : {} }));
  if (event === undefined) throw new Error(`no event: ${text}`);
  return event;
}
