import { expect, it } from 'vitest';
import { adviceOn } from './images.ts';

it('says what to do about an engine that does not answer, and then what Docker says', () => {
  expect(adviceOn('docker compose ls failed:\nCannot connect to the Docker daemon.').split('\n')).toEqual([
    'No Docker engine answers: start one, or start child processes with --runtime native.',
    'Cannot connect to the Docker daemon.',
  ]);
  expect(adviceOn('docker compose ls failed:\npermission denied while trying to connect')).toMatch(
    /^A Docker engine runs/,
  );
});
