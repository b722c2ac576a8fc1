import { RunnerError } from '../errors.ts';

/** What follows `run`, as k6 reads it. */
export interface K6Arguments {
  /** `-` is standard input. */
  readonly script: string;
  /** All that the archive of the script depends on. */
  readonly forArchive: readonly string[];
  /** Everything but the script. */
  readonly flags: readonly string[];
  readonly namesOutput: boolean;
  /** Whether k6 is to decide thresholds at all. */
  readonly hasThresholds: boolean;
}

/** @throws RunnerError USAGE without exactly one script */
export function readK6Arguments(given: readonly string[]): K6Arguments {
  const tokens = [...tokensOf(given)];
  const scripts = tokens.filter(({ flag }) => flag === undefined).flatMap(({ words }) => words);
  const [script, ...more] = scripts;
  if (script === undefined || more.length > 0) {
    throw new RunnerError('USAGE', `script: expected one, and flags of k6 run (got ${scripts.join(' ') || 'none'})`);
  }
  const flags = tokens.filter(({ flag }) => flag !== undefined);
  const has = (name: string) => flags.some(({ flag }) => flag === name);
  const systemEnvironment = has('include-system-env-vars') ? [] : ['--include-system-env-vars'];
  return {
    script,
    forArchive: [
      ...flags.filter(({ flag }) => !runOnly.has(flag ?? '')).flatMap(({ words }) => words),
      ...systemEnvironment,
    ],
    flags: flags.flatMap(({ words }) => words),
    namesOutput: has('out'),
    hasThresholds: !flags.some(
      ({ flag, words: [word] }) => flag === 'no-thresholds' && word !== '--no-thresholds=false',
    ),
  };
}

/** Of `k6 run`, and unknown to `k6 archive`. */
const runOnly = new Set(['out', 'linger', 'no-usage-report']);

/** Those that take no value, of k6 1.8: whatever follows them is something else. */
export const flagsWithoutValue: ReadonlySet<string> = new Set([
  ...['paused', 'no-setup', 'no-teardown', 'http-debug', 'insecure-skip-tls-verify', 'no-connection-reuse'],
  ...['no-vu-connection-reuse', 'throw', 'discard-response-bodies', 'include-system-env-vars', 'no-thresholds'],
  ...['new-machine-readable-summary', 'linger', 'no-usage-report', 'help', 'no-color', 'profiling-enabled'],
  ...['quiet', 'verbose'],
]);

export const shortFlags: Readonly<Record<string, string>> = {
  ...{ u: 'vus', d: 'duration', i: 'iterations', s: 'stage', p: 'paused', w: 'throw', t: 'type', e: 'env', o: 'out' },
  ...{ l: 'linger', h: 'help', a: 'address', c: 'config', q: 'quiet', v: 'verbose' },
};

interface Token {
  /** Its long name; undefined of what is no flag. */
  readonly flag?: string;
  readonly words: readonly string[];
}

/** @source https://pkg.go.dev/github.com/spf13/pflag#section-readme: command line flag syntax */
function* tokensOf(given: readonly string[]): Generator<Token> {
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? '';
    if (word === '--') {
      yield* given.slice(at + 1).map((rest) => ({ words: [rest] }));
      return;
    }
    const flag = lastFlagOf(word);
    if (flag === undefined) {
      yield { words: [word] };
    } else if (flag.hasValue || flagsWithoutValue.has(flag.name)) {
      yield { flag: flag.name, words: [word] };
    } else {
      at += 1;
      yield { flag: flag.name, words: given.slice(at - 1, at + 1) };
    }
  }
}

/** Of short ones that share a word only the last can take a value: `-qu5`. */
function lastFlagOf(word: string): { readonly name: string; readonly hasValue: boolean } | undefined {
  if (word.startsWith('--')) {
    const [name = ''] = word.slice(2).split('=');
    return { name, hasValue: word.includes('=') };
  }
  if (!word.startsWith('-') || word === '-') return undefined;
  const letters = [...word.slice(1)];
  const taking = letters.findIndex((letter) => !flagsWithoutValue.has(shortFlags[letter] ?? letter));
  const at = taking === -1 ? letters.length - 1 : taking;
  const letter = letters[at] ?? '';
  return { name: shortFlags[letter] ?? letter, hasValue: at < letters.length - 1 };
}
