import { type Address, formatAddress } from '#catalog/address.ts';
import { resendSeconds } from '../alertmanager/waits.ts';

export interface PrometheusPlace {
  readonly configFile: string;
  readonly dataDir: string;
  readonly listen: Address;
}

/** What Prometheus is started with. */
export function prometheusArguments({ configFile, dataDir, listen }: PrometheusPlace) {
  return [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${dataDir}`,
    // The period of an SLO is 30 days; the size is what a laptop spares.
    '--storage.tsdb.retention.time=31d',
    '--storage.tsdb.retention.size=4GB',
    `--web.listen-address=${formatAddress(listen)}`,
    '--enable-feature=exemplar-storage',
    // The load generator writes what its clients see.
    '--web.enable-remote-write-receiver',
    // Resends a firing alert soon after Alertmanager lost it, and lets it end soon after it resolved.
    `--rules.alert.resend-delay=${resendSeconds}s`,
    '--log.level=warn',
  ] as const;
}
