import { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgress } from '../progress.ts';
import { addDrill } from './drill.ts';
import { addProve } from './prove.ts';

const session = {
  signal: new AbortController().signal,
  progress: createProgress({ stream: { write: () => true }, isTTY: false }),
};

it.each<[string, RegExp]>([
  ['drill sick-replica --difficulty beginner', /^--difficulty: expected only with --blind \(got "beginner"\)$/],
  ['drill sick-replica --from elsewhere', /^--from: expected only with --blind \(got "elsewhere"\)$/],
  ['drill sick-replica --auto --difficulty beginner', /'--difficulty <level>' cannot be used with option '--auto'/],
  ['drill sick-replica --auto --from elsewhere', /'--from <folder>' cannot be used with option '--auto'/],
  ['drill sick-replica --auto --person ada', /'--person <name>' cannot be used with option '--auto'/],
  ['drill sick-replica --auto --webhook http://a', /'--webhook <url>' cannot be used with option '--auto'/],
  [
    'drill --blind --webhook hooks.slack.com',
    /'hooks.slack.com' is invalid. Expected an address that begins with http/,
  ],
  ['drill --blind --webhook file:///etc/passwd', /'file:\/\/\/etc\/passwd' is invalid/],
  ['drill verify runs/a --shown 12ab', /'12ab' is invalid. Expected 64 digits from 0 to f/],
  ['prove sick-replica --only SomeAlert', /^--only: expected only with --mutate \(got "SomeAlert"\)$/],
  ['prove --sample 3', /^--sample: expected only with --mutate \(got "3"\)$/],
  ['prove --rules a.yaml b.yaml', /^--rules: expected only with --mutate \(got "a.yaml,b.yaml"\)$/],
  ['prove --tests a.yaml', /^--tests: expected only with --mutate/],
  ['prove --equivalents a.yaml', /^--equivalents: expected only with --mutate/],
  ['prove --mutate sick-replica', /^drills: expected none with --mutate, see --only \(got "sick-replica"\)$/],
  ['prove --mutate --repeat 2', /'--repeat <n>' cannot be used with option '--mutate'/],
  ['prove --mutate --jobs 2', /'--jobs <n>' cannot be used with option '--mutate'/],
  ['prove --mutate --junit a.xml', /'--junit <file>' cannot be used with option '--mutate'/],
  ['prove --mutate --html a.html', /'--html <file>' cannot be used with option '--mutate'/],
  ['prove --mutate --baseline a.json', /'--baseline <file>' cannot be used with option '--mutate'/],
  ['prove --no-baseline --update-baseline', /^--update-baseline: expected without --no-baseline$/],
  ['prove --mutate --update-baseline', /'--update-baseline' cannot be used with option '--mutate'/],
])('%s is refused: it would not do what it says', async (words, message) => {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addDrill(program, session);
  addProve(program, session);
  await expect(program.parseAsync(words.split(' '), { from: 'user' })).rejects.toThrow(message);
});
