import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Ports } from '#catalog/ports.ts';
import { RunnerError } from '../errors.ts';
import { incidentsSchema } from '../pager/api.ts';
import { askJson } from '../pager/ask.ts';
import { upState } from '../state.ts';
import { say } from '../terminal.ts';
import { userName } from '../user-name.ts';
import { duration, type StateOptions, stateDirectory } from './options.ts';
import { activePages, clock, describeLabels, openIncidents } from './pages.ts';

interface AckOptions extends StateOptions {
  readonly matcher: readonly (readonly [string, string])[];
  readonly for: number;
  readonly by: string;
}

export function addAck(program: Command): void {
  program
    .command('ack')
    .description('acknowledge a page: it is not repeated, and nobody else is called')
    .argument('<alert>', 'as the page names it')
    .addOption(
      new Option('--matcher <label=value>', 'only where the alert has this label; may be given more than once')
        .argParser(collectLabel)
        .default([], 'every one of this name'),
    )
    .addOption(
      new Option('--for <duration>', 'page again if it still fires then')
        .argParser(duration(1, day))
        .default(3600, '1h'),
    )
    .addOption(new Option('--by <name>', 'who takes it').default(userName()))
    .addOption(stateDirectory())
    .action(ack);
}

const day = 86_400;

async function ack(alert: string, options: AckOptions): Promise<void> {
  const { ports } = upState(options.stateDirectory).options;
  const body = { alert, labels: Object.fromEntries(options.matcher), by: options.by, forSeconds: options.for };
  const before = new Map((await openIncidents(ports.webhook)).map((each) => [each.fingerprint, each.acknowledged]));
  const url = `http://127.0.0.1:${ports.webhook}/acknowledgements`;
  const answer = await askJson('the pager', url, { method: 'POST', body: JSON.stringify(body) });
  const taken = incidentsSchema.parse(answer);
  if (taken.length === 0) throw await nothingToTake(alert, options, ports);
  for (const { fingerprint, labels, channel, acknowledged } of taken) {
    const isPage = channel === 'pager' && acknowledged !== undefined;
    const until = isPage ? `; still firing at ${clock(acknowledged.untilMs)}, it pages again` : '';
    say(`Acknowledged by ${options.by}: ${alert}${describeLabels(labels)}${until}.`);
    const other = before.get(fingerprint);
    if (other && other.by !== options.by) say(`It was acknowledged by ${other.by} until ${clock(other.untilMs)}.`);
  }
}

/** Says what could have been meant. */
async function nothingToTake(alert: string, { matcher }: AckOptions, ports: Ports): Promise<RunnerError> {
  const open = await openIncidents(ports.webhook);
  const sameName = open.filter(({ labels }) => labels.alertname === alert);
  if (sameName.length > 0) {
    const got = matcher.map(([name, value]) => `${name}=${value}`).join(' ');
    const known = sameName.map(({ labels }) => `${alert}${describeLabels(labels)}`).join(', ');
    return new RunnerError('USAGE', `--matcher: expected labels of ${known} (got "${got}")`);
  }
  const muted = (await activePages(ports))?.find((page) => page.alert === alert && page.mutedBy)?.mutedBy;
  if (muted) {
    const how = muted === 'silence' ? 'silenced' : 'inhibited';
    return new RunnerError('USAGE', `alert: nobody was told of ${alert}, it is ${how} (got "${alert}")`);
  }
  const names = [...new Set(open.map(({ labels }) => labels.alertname))];
  const expected = names.length === 0 ? 'nobody was paged for anything' : `expected one of ${names.join(', ')}`;
  return new RunnerError('USAGE', `alert: ${expected} (got "${alert}")`);
}

function collectLabel(text: string, before: AckOptions['matcher']): AckOptions['matcher'] {
  const [, name, value] = /^([a-zA-Z_][a-zA-Z0-9_]*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('Expected label=value, such as upstream=backend-2.');
  }
  return [...before, [name, value]];
}
