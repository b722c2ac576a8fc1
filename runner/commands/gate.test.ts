import { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgress } from '../progress.ts';
import { addGate } from './gate.ts';

const session = {
  signal: new AbortController().signal,
  progress: createProgress({ stream: { write: () => true }, isTTY: false }),
};

it.each<[string, RegExp]>([
  ['gate brwse', /^scenario: expected one of browse, .* \(got "brwse"\)$/],
  ['gate paths', /^--path: expected at least one path with the scenario paths, such as \/ \(got none\)$/],
  ['gate browse --path /items', /^--path: expected only with the scenario paths \(got "\/items" with browse\)$/],
  ['gate --path items', /'items' is invalid. Expected a path that begins with \//],
  ['gate --rate 0', /'0' is invalid. Expected a whole number from 1 to 5000/],
  [
    'gate --rate 10 --max-duration 60s',
    /^--max-duration: expected at least 411s, because at 10 requests\/s .* takes 4102 requests \(got 60s\)$/,
  ],
  ['gate --path /items --slo a.yaml', /^--slo: expected only with --target/],
  ['gate --error-rate 0.5', /'0.5' is invalid. Expected a number from 0.000001 to 0.4/],
  ['gate --assumed-phi 0', /'0' is invalid. Expected a number from 1 to 1000/],
  ['gate --slo a.yaml', /^--slo: expected only with --target \(got "a.yaml"\)$/],
  ['gate --target http://a --slo absent.yaml', /^files: expected a file or a folder, found nothing at absent.yaml$/],
  ['gate --prometheus http://a', /^--prometheus: expected only with --target/],
  ['gate --start run', /^--start: expected only with --target, a stack brings its own \(got "run"\)$/],
  ['gate --prometheus-config a.yml', /^--prometheus-config: expected only with --target/],
  [
    'gate --target http://a --prometheus http://b --prometheus-config c',
    /^--prometheus: expected only without --prometheus-config \(got "http:\/\/b"\)$/,
  ],
  ['gate --config absent.yaml', /^--config: expected a file that can be read \(got "absent.yaml": ENOENT\)$/],
  ['gate --config package.json', /^package.json:2:3: name: expected one of rate, maxDuration, .*, found "name"$/],
  ['gate --zone 0.5', /'0.5' is invalid. Expected two factors around 1, such as 0.5-1.5\.$/],
  ['gate --zone 1.1-1.5', /'1.1-1.5' is invalid/],
  ['gate --zone 0.5-0.9', /'0.5-0.9' is invalid/],
  ['gate --zone 1-1', /'1-1' is invalid/],
  ['gate --zone 0-300', /^edge-availability: zone: expected shares good < bad with the limit 0.005 between them/],
  ['gate --objective edge', /^--objective: expected one of .* \(got "edge"\)$/],
  ['gate --update-baseline', /^--update-baseline: expected only with --baseline$/],
  [
    'gate --baseline absent.json',
    /^--baseline: expected a file, which --update-baseline makes \(got "absent.json": ENOENT\)$/,
  ],
  ['gate --baseline package.json', /^--baseline: expected what --update-baseline wrote \(got "package.json": /],
  ['gate --json /dev/null/a.json', /^--json: expected a file to write to \(got "\/dev\/null\/a.json": /],
])('%s is refused before anything is started', async (words, message) => {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addGate(program, session);
  await expect(program.parseAsync(words.split(' '), { from: 'user' })).rejects.toThrow(message);
});
