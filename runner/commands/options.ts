import { InvalidArgumentError, Option } from 'commander';
import { maximumTimeScale } from '#catalog/time-scale.ts';
import { defaultTraceShare } from '#catalog/tracing.ts';
import { parseDuration } from '#chaos/engine/duration.ts';
import { RunnerError } from '../errors.ts';
import { projectFile } from '../project.ts';
import { type RuntimeName, runtimeNames } from '../runtimes/runtime.ts';

/** Options that more than one command takes. */
export const portOffset = (): Option =>
  new Option('--port-offset <n>', 'move every port of the stack by n')
    .argParser(integer(0, 40_000))
    .default(0)
    .conflicts('freePorts');

export const freePortsOption = (): Option =>
  new Option('--free-ports', 'take any free ports, to run beside other stacks');

export const timeScale = (): Option =>
  new Option('--time-scale <s>', `divide every SLO window and alert delay by s, 1 to ${maximumTimeScale}`).argParser(
    numberWithin(1, maximumTimeScale),
  );

export const replicas = (): Option =>
  new Option('--replicas <n>', 'backend replicas behind nginx, 1 to 16').argParser(integer(1, 16)).default(2);

export const traceShare = (): Option =>
  new Option('--trace-share <p>', 'share of the traces, 0 to 1, that is kept beside all slow and all failed ones')
    .argParser(numberWithin(0, 1))
    .default(defaultTraceShare);

export const pathsOption = (): Option =>
  new Option('--path <paths...>', 'with the scenario paths: what is asked for').argParser(listOfPaths);

/** `0.5-1.5`: around 1. */
export function factorsOfZone(text: string): { readonly good: number; readonly bad: number } {
  const [, good = Number.NaN, bad = Number.NaN] = (/^([\d.]+)-([\d.]+)$/.exec(text) ?? []).map(Number);
  if (good <= 1 && bad >= 1 && good < bad) return { good, bad };
  throw new InvalidArgumentError('Expected two factors around 1, such as 0.5-1.5.');
}

function listOfPaths(path: string, before: readonly string[] = []): readonly string[] {
  if (path.startsWith('/')) return [...before, path];
  throw new InvalidArgumentError('Expected a path that begins with /, such as /items/7.');
}

/** @throws RunnerError USAGE where paths would be ignored, or are missing */
export function refusePaths(scenario: string, { path }: { readonly path?: readonly string[] | undefined }): void {
  if ((scenario === 'paths') === (path !== undefined)) return;
  throw new RunnerError(
    'USAGE',
    path === undefined
      ? '--path: expected at least one path with the scenario paths, such as / (got none)'
      : `--path: expected only with the scenario paths (got "${path.join(' ')}" with ${scenario})`,
  );
}

export const install = (): Option => new Option('--install', 'install missing system packages with sudo');

export const runtime = (): Option =>
  new Option(
    '--runtime <name>',
    'native: child processes; compose: containers. Default: compose where a Docker engine answers and has the images, or can get them',
  ).choices(runtimeNames);

export const stateDirectoryVariable = 'FIREDRILL_STATE_DIRECTORY';

export const stateDirectory = (): Option =>
  new Option('--state-directory <path>', 'where the stack keeps its files')
    .default(projectFile('.firedrill'), '.firedrill')
    .env(stateDirectoryVariable);

export interface StateOptions {
  readonly stateDirectory: string;
}

export interface RuntimeOptions {
  readonly runtime?: RuntimeName;
}

export interface PortOptions {
  readonly portOffset: number;
  readonly freePorts?: boolean;
}

export function portsOf({ portOffset: offset, freePorts }: PortOptions): number | 'free' {
  return freePorts ? 'free' : offset;
}

export function integer(from: number, to: number): (text: string) => number {
  return numberWithin(from, to, 'a whole number', Number.isInteger);
}

export function numberWithin(
  from: number,
  to: number,
  what = 'a number',
  fits: (value: number) => boolean = () => true,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= from && value <= to) || !fits(value)) {
      throw new InvalidArgumentError(`Expected ${what} from ${from} to ${to}.`);
    }
    return value;
  };
}

export function httpUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('Expected an address that begins with http:// or https://.');
}

/** What paths are put after. */
export function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('Expected an http or https URL without a query, such as http://127.0.0.1:8080.');
  }
  return url.href.replace(/\/+$/, '');
}

const day = 86_400;

/** Seconds of a duration as a person types it; the time scale does not divide it. */
export function duration(fromSeconds: number, toSeconds: number): (text: string) => number {
  return (text) => {
    const days = /^(\d+)d$/.exec(text)?.[1];
    const seconds = days === undefined ? parseDuration(text) : Number(days) * day;
    if (seconds === undefined || seconds < fromSeconds || seconds > toSeconds) {
      throw new InvalidArgumentError(`Expected a duration from ${fromSeconds}s to ${toSeconds / day}d, such as 30m.`);
    }
    return seconds;
  };
}
