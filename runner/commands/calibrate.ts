import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { say, table } from '../terminal.ts';
import { integer } from './options.ts';
import type { Session } from './session.ts';

interface CalibrateOptions {
  readonly gates: number;
  readonly seed: number;
  readonly json?: string;
}

export function addCalibrate(program: Command, { progress, signal }: Session): void {
  program
    .command('calibrate')
    .description('simulate the load gate, and count its wrong verdicts; exit 0 within the stated error rate, 1 not')
    .addOption(
      new Option('--gates <n>', 'simulated gates in each situation').argParser(integer(100, 1e6)).default(10_000),
    )
    .addOption(new Option('--seed <n>', 'same seed, same errors').argParser(integer(1, 1e9)).default(1))
    .option('--json <file>', 'write what was counted here')
    .action(async ({ gates, seed, json }: CalibrateOptions) => {
      // Only here: nobody else needs what it imports.
      const [{ calibrate }, { allCells }, { jsonOf, reportOf }] = await Promise.all([
        import('#load-tests/calibration/calibrate.ts'),
        import('#load-tests/calibration/cell.ts'),
        import('#load-tests/calibration/report.ts'),
      ]);
      const calibrated = await progress.step(`Simulating ${gates} gates in each situation`, (report) =>
        calibrate(allCells(), { gates, seed, signal, onCell: (number, of) => report(`${number} of ${of}`) }),
      );
      const { rows, summary } = reportOf(calibrated, gates);
      say(`${table(rows)}\n\n${summary}`);
      if (json) await writeFile(json, jsonOf(calibrated, { gates, seed }));
      process.exitCode = calibrated.every(({ broken }) => broken.length === 0) ? 0 : 1;
    });
}
