/** Where the alerts' links lead. */
export interface Links {
  /** The repository as people read it; paths in the repository when absent. */
  readonly repository?: string;
  /** Grafana; paths on it when absent. */
  readonly grafana?: string;
  /** Alerts that every SLO has lead to its own runbook, not to those of this repository: for the SLOs of others. */
  readonly ownRunbooksOnly?: boolean;
}

/** `path` is that of a file of the repository, or a URL already. */
export function runbookUrl({ repository }: Links, path: string): string {
  return repository === undefined || /^https?:/.test(path) ? path : `${repository}/${path}`;
}

export function dashboardUrl({ grafana = '' }: Links, uid: string): string {
  return `${grafana}/d/${uid}`;
}
