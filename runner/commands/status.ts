import type { Command } from 'commander';
import { services } from '#catalog/services.ts';
import { RunnerError } from '../errors.ts';
import { memoryBytes } from '../memory.ts';
import { containerMemory } from '../runtimes/compose/memory.ts';
import { isHeld, isRunning, readState, type StackState } from '../state.ts';
import { mebibytes, paint, say, table } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import { type ActivePage, activePages, describeActivePage } from './pages.ts';
import { describeParts, describeUrls } from './urls.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('what is running, since when, with how much memory')
    .option('--json', 'the same for programs')
    .addOption(stateDirectory())
    .action(({ json, stateDirectory }: StateOptions & { json?: boolean }) => status(stateDirectory, json ?? false));
}

async function status(directory: string, json: boolean): Promise<void> {
  const state = readState(directory);
  if (!state || !isHeld(state)) {
    throw new RunnerError('STACK_NOT_UP', 'No stack is up in this checkout; start one with "firedrill up".');
  }
  const rows = await serviceRows(state);
  const memory = rows.reduce((sum, row) => sum + (row.memoryBytes ?? 0), 0);
  const pages = await activePages(state.options.ports);
  if (json) {
    const { phase, runner } = state;
    say(
      JSON.stringify({ phase, runner: runner.pid, services: rows, memoryBytes: memory, alerts: pages }, undefined, 2),
    );
    return;
  }
  const upSeconds = Math.round((Date.now() - state.startedAtMs) / 1000);
  const { profile, timeScale } = state.options;
  say(
    `${paint.strong(state.phase)} for ${upSeconds} s${state.containers ? ' as containers' : ''}, profile ${profile}, time scale ${timeScale}, runner pid ${state.runner.pid}\n`,
  );
  say(
    table([
      ['  service', 'role', 'state', 'pid', 'starts', 'memory', 'expected'],
      ...rows.map((row) => [
        `  ${row.name}`,
        row.role,
        stateOf(row),
        String(row.pid ?? '-'),
        String(row.starts),
        mebibytes(row.memoryBytes),
        mebibytes(row.idleMemoryBytes),
      ]),
      ['  in all', '', '', '', '', mebibytes(memory), ''],
    ]),
  );
  const { ports } = state.options;
  say(`\n${describeUrls(ports, state.services)}\n\n${describeParts(ports, state.containers !== undefined)}\n`);
  sayWhatIsWrong(rows, pages, state.containers !== undefined);
}

function stateOf({ alive, starts, state }: Row): string {
  if (alive) return state === 'paused' ? 'paused' : 'running';
  return starts > 0 ? 'ended' : 'not started';
}

type Row = Awaited<ReturnType<typeof serviceRows>>[number];

function sayWhatIsWrong(rows: readonly Row[], pages: readonly ActivePage[] | undefined, allComeBack: boolean): void {
  const ended = rows.filter(({ alive, starts }) => !alive && starts > 0).map(({ name }) => name);
  if (ended.length > 0) {
    const names = ended.join(', ');
    say(
      paint.bad(
        `Ended: ${names}. ${allComeBack ? 'What somebody ended stays down' : 'Only replicas come back'}; "firedrill start" starts one again.`,
      ),
    );
  }
  for (const page of pages ?? []) say(paint.bad(describeActivePage(page)));
  if (pages === undefined) say(paint.bad('Alertmanager does not answer: what fires is not known.'));
  if (pages?.length === 0) say('No alert fires.');
}

async function serviceRows(state: StackState) {
  const started = (name: string) => state.services.find((service) => service.name === name);
  const ofContainers = state.containers && (await containerMemory(state.containers));
  const known = services(state.options.replicas).filter(({ name, optional }) => !optional || started(name));
  const pager = { name: 'pager', role: 'tells people', idleMemoryBytes: undefined };
  return [...known, ...(started('pager') ? [pager] : [])].map(({ name, role, idleMemoryBytes }) => {
    const service = started(name);
    const alive = service !== undefined && isRunning(service);
    const ofProcess = alive && service.process ? memoryBytes(service.process) : undefined;
    return {
      name,
      role,
      alive,
      state: service?.state,
      pid: service?.process?.pid,
      starts: service?.starts ?? 0,
      memoryBytes: alive ? (ofProcess ?? ofContainers?.get(name)) : undefined,
      idleMemoryBytes,
    };
  });
}
