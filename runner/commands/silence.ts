import { type Command, Option } from 'commander';
import { RunnerError } from '../errors.ts';
import { alertNames } from '../pager/alert-names.ts';
import { type FiringAlert, firingAlerts } from '../pager/alertmanager-client.ts';
import { fitsNone, formatMatcher, type Matcher, parseMatcher } from '../pager/matcher.ts';
import { activeSilences, createSilence, endSilence, SilenceRefused } from '../pager/silences.ts';
import { upState } from '../state.ts';
import { say, table } from '../terminal.ts';
import { userName } from '../user-name.ts';
import { duration, type StateOptions, stateDirectory } from './options.ts';
import { clock, describeLabels } from './pages.ts';

interface SilenceOptions extends StateOptions {
  readonly for?: number;
  readonly reason?: string;
  readonly by: string;
  readonly list?: boolean;
  readonly end?: string;
}

export function addSilence(program: Command): void {
  program
    .command('silence')
    .description('tell nobody of some alerts while you work on what they watch')
    .argument(
      '[matchers...]',
      'the name of an alert, label=value, label!=value, label=~regex or label!~regex; all must hold',
    )
    .addOption(
      new Option('--for <duration>', 'how long, such as 30m; at most a week').argParser(duration(1, 7 * 86_400)),
    )
    .option('--reason <text>', 'what is being done, for whoever wonders')
    .addOption(new Option('--by <name>', 'who does it').default(userName()))
    .option('--list', 'what is silenced, until when, by whom and why')
    .addOption(new Option('--end <id>', 'end a silence now; the beginning of its id is enough').conflicts('list'))
    .addOption(stateDirectory())
    .action(silence);
}

async function silence(words: readonly string[], options: SilenceOptions): Promise<void> {
  const { ports } = upState(options.stateDirectory).options;
  const alertmanagerUrl = `http://127.0.0.1:${ports.alertmanager}`;
  if (options.list) return await list(alertmanagerUrl);
  if (options.end !== undefined) return await end(alertmanagerUrl, options.end);
  const matchers = words.map(matcherOf);
  if (matchers.length === 0) throw usage('matchers: expected at least one, such as TargetDown or job=loki (got none)');
  if (options.for === undefined) throw usage('--for: expected a duration, such as 30m (got none)');
  if (!options.reason?.trim()) throw usage('--reason: expected what is being done (got none)');
  const names = await alertNames(`http://127.0.0.1:${ports.prometheus}`);
  if (names.length > 0 && fitsNone(matchers, names)) throw usage(noSuchAlert(matchers, names));
  await create(alertmanagerUrl, matchers, {
    by: options.by,
    forSeconds: options.for,
    reason: options.reason.trim().replaceAll(/\s+/g, ' '),
  });
}

interface Wanted {
  readonly by: string;
  readonly forSeconds: number;
  readonly reason: string;
}

async function create(url: string, matchers: readonly Matcher[], { by, forSeconds, reason }: Wanted): Promise<void> {
  const nowMs = Date.now();
  const endsAtMs = nowMs + 1000 * forSeconds;
  const id = await createSilence(url, { matchers, endsAtMs, by, reason }, nowMs).catch((error: unknown) => {
    if (error instanceof SilenceRefused) throw usage(`matchers: ${error.message}`);
    throw error;
  });
  say(
    `Silenced until ${clock(endsAtMs)}: ${matchers.map(formatMatcher).join(', ')}. End it: firedrill silence --end ${id}`,
  );
  const muted = (await firingAlerts(url)).filter(({ silencedBy }) => silencedBy.includes(id));
  if (muted.length === 0) say('Nothing that fires now is kept quiet.');
  for (const alert of muted) say(`It fires now, and nobody is told any more: ${nameOf(alert)}.`);
}

async function list(url: string): Promise<void> {
  const silences = await activeSilences(url);
  const firing = await firingAlerts(url);
  if (silences.length === 0) {
    say('Nothing is silenced.');
    return;
  }
  const rows = silences.map(({ id, matchers, endsAtMs, by, reason }) => [
    id,
    clock(endsAtMs),
    by,
    matchers.map(formatMatcher).join(', '),
    firing
      .filter(({ silencedBy }) => silencedBy.includes(id))
      .map(nameOf)
      .join(', ') || '-',
    reason,
  ]);
  say(table([['id', 'until', 'by', 'what', 'fires now', 'reason'], ...rows]));
}

async function end(url: string, beginning: string): Promise<void> {
  const silences = await activeSilences(url);
  if (silences.length === 0) throw usage(`--end: nothing is silenced (got "${beginning}")`);
  const [chosen, ...others] = silences.filter(({ id }) => id.startsWith(beginning));
  if (beginning === '' || chosen === undefined || others.length > 0) {
    const ids = silences.map(({ id }) => id).join(', ');
    throw usage(`--end: expected the beginning of one of ${ids} (got "${beginning}")`);
  }
  await endSilence(url, chosen.id);
  say(`Ended: ${chosen.matchers.map(formatMatcher).join(', ')}. What fires is told within the next group interval.`);
}

function noSuchAlert(matchers: readonly Matcher[], names: readonly string[]): string {
  const got = matchers.map(formatMatcher).join(', ');
  return `matchers: no alert has such a name; expected one of ${[...new Set(names)].sort().join(', ')} (got "${got}")`;
}

function nameOf({ labels }: FiringAlert): string {
  return `${labels.alertname ?? '?'}${describeLabels(labels)}`;
}

function matcherOf(word: string): Matcher {
  const matcher = parseMatcher(word);
  if (matcher) return matcher;
  throw usage(`matchers: expected the name of an alert or label=value, with = != =~ or !~ (got "${word}")`);
}

function usage(message: string): RunnerError {
  return new RunnerError('USAGE', message);
}
