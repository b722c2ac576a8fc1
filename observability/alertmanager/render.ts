import { stringify } from 'yaml';
import { type AlertmanagerParams, alertmanagerConfig } from './config.ts';

/** alertmanager.yml */
export function renderAlertmanager(params: AlertmanagerParams): string {
  return stringify(alertmanagerConfig(params));
}
