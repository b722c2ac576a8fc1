import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { applyConfig } from './config-file.ts';
import { integer, pathsOption } from './options.ts';

describe('options of a file', () => {
  it('are read as if they had been typed, its paths from where it stands', () => {
    const text = 'rate: 40\nslo: slos.yaml\npath: [/a, /b]\nobjective: one\nshared: true\nmaxDuration: 2m\n';
    expect(optionsWith(text)).toEqual({
      rate: 40,
      slo: ['/project/slos.yaml'],
      path: ['/a', '/b'],
      objective: ['one'],
      shared: true,
      maxDuration: '2m',
    });
  });

  it('give way to those that were typed, and come before defaults', () => {
    expect(optionsWith('rate: 40\nshared: false', '--rate', '50')).toMatchObject({ rate: 50, shared: false });
    expect(optionsWith('shared: true', '--max-duration', '9m')).toEqual({ rate: 7, shared: true, maxDuration: '9m' });
  });

  it.each([
    ['rate: 0', '/project/gate.yaml:1:1: rate: Expected a whole number from 1 to 100. (got 0)'],
    ['shared: 1', '/project/gate.yaml:1:1: shared: Expected true or false. (got 1)'],
    ['objective: []', '/project/gate.yaml:1:1: objective: Expected a text, or a list of them. (got [])'],
    ['rate: [1, 2]', '/project/gate.yaml:1:1: rate: Expected a text or a number. (got [1,2])'],
    ['rate: true', '/project/gate.yaml:1:1: rate: Expected a text or a number. (got true)'],
    ['path: [a]', '/project/gate.yaml:1:1: path: Expected a path that begins with /, such as /items/7. (got ["a"])'],
    ['\nrat: 1', /^\/project\/gate\.yaml:2:1: rat: expected one of rate, slo, .*maxDuration, found "rat"$/],
    ['config: a', /found "config"$/],
    ['rate', '/project/gate.yaml:1:1: expected options, such as "rate: 100", found "rate"'],
    ['- rate', '/project/gate.yaml:1:1: expected options, such as "rate: 100", found ["rate"]'],
    ['', '/project/gate.yaml: expected options, such as "rate: 100", found nothing'],
    ['rate: [', /^\/project\/gate\.yaml:1:\d+: not readable as YAML: /],
    ['rate: 1\n---\nrate: 2', '/project/gate.yaml: expected one document, found more'],
  ])('that cannot be are refused by their place: %j', (text, message) => {
    expect(() => optionsWith(text)).toThrow(message);
  });
});

function optionsWith(text: string, ...typed: readonly string[]): unknown {
  const command = new Command()
    .addOption(new Option('--rate <n>').argParser(integer(1, 100)).default(7))
    .option('--slo <files...>')
    .addOption(pathsOption())
    .option('--objective <names...>')
    .option('--shared')
    .option('--max-duration <duration>')
    .option('--config <file>');
  command.parse(typed, { from: 'user' });
  applyConfig({ command, source: { path: '/project/gate.yaml', text }, paths: ['slo'], refused: ['config'] });
  return command.opts();
}
