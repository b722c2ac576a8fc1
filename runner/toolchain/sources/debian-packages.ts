import { fileURLToPath } from 'node:url';
import { runCommand } from '../command.ts';
import { ToolError } from '../errors.ts';
import { limit } from '../limit.ts';
import type { SourceContext, SystemSource } from '../source.ts';
import { which } from '../which.ts';

const script = fileURLToPath(new URL('./apt-install.sh', import.meta.url));

/** One apt at a time: it holds a lock of the whole system. */
const apt = limit(1);

/** Installs Debian packages, the first of several names that exists, when root or when asked to by `--install`. */
export function debianPackages(...names: readonly string[]): SystemSource {
  return {
    keeps: 'system',
    promise: 'installed with apt-get',
    obstacle,
    install: (context) => apt(() => install(names, context)),
  };
}

async function obstacle({ install: asked }: Pick<SourceContext, 'install'>): Promise<string | undefined> {
  if (!(await which('apt-get'))) return 'apt-get is not available';
  if (isRoot()) return undefined;
  if (!asked) return 'installing packages needs root, or --install to use sudo';
  return (await which('sudo')) ? undefined : 'installing packages needs root, and sudo is not available';
}

async function install(names: readonly string[], { signal, report }: SourceContext): Promise<void> {
  report(`installing ${names.join(' or ')} with apt-get`);
  const command = ['sh', script, ...names];
  const [file, ...args] = isRoot() ? command : ['sudo', '-n', ...command];
  const { exitCode, lastLines } = await runCommand(file as string, args, {
    signal,
    onLine: (line) => report(`apt-get: ${line}`),
    // Between two packages apt ends in order; in the middle of one it must be left alone.
    stopSignal: 'SIGINT',
    graceSeconds: 120,
    outlivesParent: true,
  });
  if (exitCode !== 0) {
    throw new ToolError('INSTALL_FAILED', `apt-get could not install ${names.join(' or ')}: ${lastLines.at(-1) ?? ''}`);
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
