import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { Drill } from '#chaos/engine/drill.ts';
import type { LedgerEntry } from '#chaos/engine/ledger.ts';
import type { ResponseMode } from '#chaos/engine/response-events.ts';
import { guidance } from '#chaos/response/guide.ts';
import { progressOf } from '#chaos/response/progress.ts';
import { stateDirectoryVariable } from '../commands/options.ts';
import { describeTold } from '../commands/pages.ts';
import { describeUrls } from '../commands/urls.ts';
import { projectFile } from '../project.ts';
import type { OpenStack } from '../stack.ts';
import { paint, say } from '../terminal.ts';
import { tellWebhook } from './webhook.ts';
import { wordsOf } from './words.ts';

export interface TerminalOptions {
  readonly drill: Drill;
  readonly mode: ResponseMode;
  readonly stack: OpenStack;
  readonly commitment: string;
  readonly stateDirectory: string;
  readonly webhook: string | undefined;
}

/** Where somebody who responds is told what happens, and, in a terminal, says what is to be done. */
export interface ResponseTerminal {
  /** Resolves when the response has begun, or when it never will. */
  readonly begun: Promise<void>;
  /** Settles with what is waited for. */
  readonly over: Promise<void>;
  waitFor(played: Promise<void>): void;
  follow(entry: LedgerEntry, ledger: () => readonly LedgerEntry[]): void;
  close(): void;
}

const bell = '\u0007';

export function openTerminal(options: TerminalOptions): ResponseTerminal {
  const { drill, mode, stack, webhook } = options;
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  over.promise.catch(() => undefined);
  let [state, isOpen] = ['', false];
  let prompt: Disposable | undefined;

  const stopListening = stack.notifications.listen((page) => {
    if (!isOpen) return;
    const text = describeTold(page);
    const wakes = page.channel === 'pager' && (page.status === 'firing' || page.status === 'escalated');
    say(`${wakes ? bell : ''}${text}`);
    if (webhook !== undefined && page.channel === 'pager') void tellWebhook(webhook, text);
  });

  return {
    begun: begun.promise,
    over: over.promise,
    waitFor: (played) => {
      played.then(over.resolve, over.reject);
      played.then(begun.resolve, begun.reject);
    },
    follow: (entry, ledger) => {
      if (entry.event === 'response-started') {
        isOpen = true;
        begun.resolve();
        say(briefing(options));
        prompt = openPrompt(options.stateDirectory);
      }
      if (!isOpen) return;
      const progress = progressOf(ledger(), drill.faults.length);
      if (progress.state === state) return;
      state = progress.state;
      // An incident says nothing but that it has ended.
      if (mode === 'blind' && state !== 'over') return;
      say(`\n${paint.strong('▸')} ${guidance(progress, linksOf(options))}\n`);
    },
    close: () => {
      isOpen = false;
      stopListening();
      prompt?.[Symbol.dispose]();
    },
  };
}

function briefing({ drill, mode, stack, commitment }: TerminalOptions): string {
  const { ports } = stack.options;
  const limit = `You have ${Math.round(drill.timeLimit / 60)} minutes.`;
  return `
${paint.strong(mode === 'blind' ? 'You are on call.' : `${drill.metadata.title}.`)} ${mode === 'blind' ? `Something may break, or nothing. ${limit}` : limit}
${paint.faint(`sealed: sha256 ${commitment}`)}

${describeUrls(ports, stack.status())}

  firedrill ack <alert>                          take a page
  firedrill hint                                 the next hint; it costs points
  firedrill answer --component … --cause …       what it is; without options it lists the choices
  firedrill reveal | abort                       end it: with what it was, or at once
  firedrill status, logs, restart, …             whatever helps; kill, psql and an editor are fine, too
${process.stdin.isTTY ? '\nHere the same words go without "firedrill"; or use any other terminal.\n' : ''}`;
}

function linksOf({ drill, stack }: TerminalOptions) {
  const { ports } = stack.options;
  const hasGrafana = stack.status().some(({ name }) => name === 'grafana');
  return {
    runbook: drill.runbook,
    dashboards: hasGrafana ? `http://127.0.0.1:${ports.grafana}` : 'none, as Grafana is not installed',
    prometheus: `http://127.0.0.1:${ports.prometheus}`,
  };
}

/** In a terminal only: each line is a command as any other terminal would run it. */
function openPrompt(stateDirectory: string): Disposable | undefined {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'on call> ' });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  lines.on('line', (line) => {
    const words = wordsOf(line);
    if (words.length === 0) return lines.prompt();
    void execa(process.execPath, [projectFile('runner/cli.ts'), ...words], {
      env: { [stateDirectoryVariable]: stateDirectory },
      stdio: ['ignore', 'inherit', 'inherit'],
      reject: false,
    }).then(() => lines.prompt());
  });
  lines.prompt();
  return { [Symbol.dispose]: () => lines.close() };
}
