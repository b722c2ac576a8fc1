import { knob } from './knobs.ts';

/** The log files that more than one container needs: of the backends and of the edge. Also how far the Collector has read. */
export const logFolder = '/var/log/firedrill';
export const logVolume = `logs:${logFolder}`;

export const accessLog = `${logFolder}/nginx-access.log`;

export const logFile = (instance: string): string => `${logFolder}/${instance}.log`;

/** Where every container finds its part of the configuration. */
export const configFolder = '/etc/firedrill';

export function configVolume(part: string): string {
  return `${knob('FIREDRILL_CONFIGURATION')}/${part}:${configFolder}:ro`;
}

/** A BusyBox that runs anywhere, from our own image, for those whose image holds nothing to ask them with. */
export const probeFolder = '/opt/probe';
export const probeVolume = `probe:${probeFolder}`;

/** Asks over HTTP, with what every image based on Alpine or BusyBox has. */
export function httpProbe(port: number, path: string, wget: readonly string[] = ['wget']): readonly string[] {
  return [...wget, '-q', '-O', '/dev/null', `http://127.0.0.1:${port}${path}`];
}
