import { stringify } from 'yaml';
import { formatDuration } from '#observability/prometheus/duration.ts';
import type { Check, ExpectedAlert, RecordingTest, RuleTest } from './rule-test.ts';
import type { AlertUnderTest } from './rules-under-test.ts';
import { seriesValues } from './series-values.ts';

export interface RenderParams {
  readonly alerts: readonly AlertUnderTest[];
  /** Absolute path of the rule file that has these alerts. */
  readonly ruleFile: string;
  readonly timeScale: number;
}

const usualSampleSeconds = 60;

/**
 * Tests as promtool reads them: a file for each distance of samples, because a file has one evaluation interval. Rules are
 * evaluated twice a sample, as in a stack. Those of another scale are left out.
 * @throws RangeError for what cannot be tested at this scale, Error for an alert that is not in the rule file.
 */
export function renderRuleTests(tests: readonly (RuleTest | RecordingTest)[], params: RenderParams): readonly string[] {
  const ofScale = tests.filter(({ onlyAtScale = params.timeScale }) => onlyAtScale === params.timeScale);
  const bySample = Map.groupBy(ofScale, ({ sampleSeconds = usualSampleSeconds }) => sampleSeconds);
  return [...bySample].map(([sampleSeconds, group]) =>
    stringify(
      {
        rule_files: [params.ruleFile],
        evaluation_interval: formatDuration(sampleSeconds / params.timeScale / 2),
        tests: group.map((test) => promtoolTest(test, sampleSeconds, params)),
      },
      { lineWidth: 0, aliasDuplicateObjects: false },
    ),
  );
}

function promtoolTest(test: RuleTest | RecordingTest, sampleSeconds: number, { alerts, timeScale }: RenderParams) {
  const name = `${'record' in test ? test.record : test.alert} ${test.name}`;
  const checks = 'record' in test ? recordedChecks(test, timeScale, name) : alertChecks(test, alerts, timeScale, name);
  return {
    name,
    interval: formatDuration(sampleSeconds / timeScale),
    input_series: test.input.map(({ series, phases }) => ({
      series,
      values: seriesValues(phases, sampleSeconds, timeScale),
    })),
    alert_rule_test: checks.filter((check) => 'alertname' in check),
    promql_expr_test: checks.filter((check) => 'expr' in check),
  };
}

function alertChecks(test: RuleTest, alerts: readonly AlertUnderTest[], timeScale: number, name: string) {
  const rule = alerts.find(({ alert }) => alert === test.alert);
  if (rule === undefined) throw new Error(`"${test.name}": no alert ${test.alert} among the rules`);
  return test.checks.map((check) => promtoolCheck(check, rule, timeScale, name));
}

function recordedChecks({ record, checks }: RecordingTest, timeScale: number, name: string) {
  return checks.map(({ atSeconds, recorded }) => ({
    eval_time: formatDuration(atSeconds / timeScale),
    expr: `round(${record}, 1e-6) # ${name}`,
    exp_samples: recorded.map(({ labels, value }) => ({ labels: matchers(labels), value: Number(value.toFixed(6)) })),
  }));
}

function promtoolCheck({ atSeconds, firing }: Check, rule: AlertUnderTest, timeScale: number, test: string) {
  const at = { eval_time: formatDuration(atSeconds / timeScale) };
  const expected = firing.map((alert) => expectedAlert(alert, rule));
  if (expected.every(({ annotations }) => annotations !== undefined)) {
    return {
      ...at,
      alertname: rule.alert,
      exp_alerts: expected.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
    };
  }
  const state = { alertname: rule.alert, alertstate: 'firing' };
  return {
    ...at,
    // promtool does not say which test an expression failed in, so the expression does.
    expr: `ALERTS${matchers(state)} # ${test}`,
    exp_samples: expected.map(({ labels }) => ({ labels: `ALERTS${matchers({ ...labels, ...state })}`, value: 1 })),
  };
}

/** Annotations are undefined when only Prometheus can know one of them. */
function expectedAlert({ labels: own, description }: ExpectedAlert, rule: AlertUnderTest) {
  const labels = { ...own, ...rule.labels };
  const annotations = Object.entries(rule.annotations).map(
    ([name, text]) =>
      [name, name === 'description' && description !== undefined ? description : withLabels(text, labels)] as const,
  );
  const known = annotations.every(([, text]) => !text.includes('{{'));
  return { labels, annotations: known ? Object.fromEntries(annotations) : undefined };
}

function withLabels(template: string, labels: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{ *\$labels\.(\w+) *\}\}/g, (_, name: string) => labels[name] ?? '');
}

function matchers(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}
