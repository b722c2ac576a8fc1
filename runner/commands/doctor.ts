import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import type { Command } from 'commander';
import { findGrafana, grafanaAdvice } from '../grafana.ts';
import { cacheRoot } from '../toolchain/cache.ts';
import { inspectTools, type ToolReport } from '../toolchain/inspect.ts';
import { goVersion } from '../toolchain/sources/go-module.ts';

interface DoctorOptions {
  readonly write: (text: string) => void;
  readonly json?: boolean;
}

/** What else the machine has that a start may need. */
interface Machine {
  readonly node: string;
  readonly go: string | undefined;
  readonly grafana: string | undefined;
  readonly diskFreeBytes: number;
  readonly memoryFreeBytes: number;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('every tool: where it was found, its version, or what to do')
    .option('--json', 'the same for programs')
    .action(async ({ json }: { json?: boolean }) => {
      process.exitCode = await doctor({ write: (text) => void process.stdout.write(text), json: json ?? false });
    });
}

/**
 * Shows where every tool is, or how it can be had. Installs nothing.
 * @returns 0 when all tools are there or will be got by the next start, 1 when one needs a person.
 */
async function doctor({ write, json = false }: DoctorOptions): Promise<number> {
  const [tools, machine] = await Promise.all([inspectTools(), inspectMachine()]);
  const ready = tools.every(({ obtainable }) => obtainable);
  write(json ? `${JSON.stringify({ ready, machine, tools }, null, 2)}\n` : render(tools, machine));
  return ready ? 0 : 1;
}

/** The report as aligned columns. */
export function render(tools: readonly ToolReport[], machine: Machine): string {
  const rows = tools.map(({ tool, found, version = '', path, todo = '' }) => [tool, found, version, path ?? todo]);
  const passedOver = [...new Set(tools.flatMap(({ skipped }) => skipped))];
  return [
    ...align([['TOOL', 'FOUND', 'VERSION', 'WHERE, OR WHAT TO DO'], ...rows]),
    ...(passedOver.length > 0 ? ['', ...passedOver.map((line) => `passed over: ${line}`)] : []),
    '',
    ...align(describe(machine)),
    '',
    verdict(tools),
    '',
  ].join('\n');
}

function verdict(tools: readonly ToolReport[]): string {
  const needed = tools.filter(({ obtainable }) => !obtainable);
  if (needed.length > 0) return `Missing: ${needed.map(({ tool }) => tool).join(', ')}. See what to do above.`;
  const later = tools.filter(({ found }) => found === 'missing').length;
  return later > 0 ? `Ready: the next start gets ${later} more.` : 'Ready: every tool is here.';
}

function describe({ node, go, grafana, diskFreeBytes, memoryFreeBytes }: Machine): string[][] {
  return [
    ['Node', node],
    ['Go', go ?? 'not installed (needed only where a release cannot be downloaded)'],
    ['Grafana', grafana ?? grafanaAdvice],
    ['disk free', gigabytes(diskFreeBytes)],
    ['memory free', gigabytes(memoryFreeBytes)],
  ];
}

async function inspectMachine(): Promise<Machine> {
  const [go, grafana, disk] = await Promise.all([
    goVersion(),
    findGrafana(),
    statfs(cacheRoot()).catch(() => statfs('/')),
  ]);
  return {
    node: process.versions.node,
    go,
    grafana: grafana?.file,
    diskFreeBytes: disk.bavail * disk.bsize,
    memoryFreeBytes: freemem(),
  };
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
