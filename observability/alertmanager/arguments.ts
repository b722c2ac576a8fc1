import { type Address, formatAddress } from '#catalog/address.ts';

export interface AlertmanagerPlace {
  readonly configFile: string;
  readonly dataDir: string;
  readonly listen: Address;
  /** `forgetGroupsSeconds` by the time scale, as Alertmanager writes durations. */
  readonly forgetGroups: string;
}

/** What Alertmanager is started with: alone, there is no cluster. */
export function alertmanagerArguments({ configFile, dataDir, listen, forgetGroups }: AlertmanagerPlace) {
  return [
    `--config.file=${configFile}`,
    `--storage.path=${dataDir}`,
    `--web.listen-address=${formatAddress(listen)}`,
    '--cluster.listen-address=',
    `--dispatch.maintenance-interval=${forgetGroups}`,
    '--log.level=warn',
  ] as const;
}
