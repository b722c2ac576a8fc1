import { describe, expect, it } from 'vitest';
import { ruleMutants } from './mutants.ts';
import { readRuleFile } from './rule-file.ts';

const text = `
groups:
  - name: some
    rules:
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total[5m]))
      - alert: Errors
        expr: job:errors:rate5m > 1
        for: 4m
        keep_firing_for: 1m
        labels: { severity: page, team: own }
        annotations: { summary: Errors. }
`;

const all = () => true;

function mutantsOf(content: string) {
  return ruleMutants(readRuleFile('rules/some.yaml', content), all);
}

function changedTo(operator: string): readonly unknown[] {
  const changes = mutantsOf(text).filter((mutant) => mutant.subject === 'Errors' && mutant.operator === operator);
  return changes.map(({ rule }) => rule);
}

describe('mutants of a rule', () => {
  const rule = {
    alert: 'Errors',
    expr: 'job:errors:rate5m > 1',
    for: '4m',
    keep_firing_for: '1m',
    labels: { severity: 'page', team: 'own' },
    annotations: { summary: 'Errors.' },
  };

  it('wait shorter, longer or not at all', () => {
    const { for: _, ...unwaiting } = rule;
    const { keep_firing_for: __, ...unkept } = rule;
    expect(changedTo('delay')).toEqual([
      unwaiting,
      { ...rule, for: '2m' },
      { ...rule, for: '8m' },
      unkept,
      { ...rule, keep_firing_for: '30s' },
      { ...rule, keep_firing_for: '2m' },
    ]);
  });

  it('lack a label or have another value of it', () => {
    expect(changedTo('label')).toEqual([
      { ...rule, labels: { team: 'own' } },
      { ...rule, labels: { severity: 'ticket', team: 'own' } },
      { ...rule, labels: { severity: 'page' } },
      { ...rule, labels: { severity: 'page', team: 'own-other' } },
    ]);
  });

  it('are gone', () => {
    expect(changedTo('removal')).toEqual(['removed']);
  });

  it('have their expression changed', () => {
    expect(changedTo('threshold')).toEqual([
      { ...rule, expr: 'job:errors:rate5m > 0.5' },
      { ...rule, expr: 'job:errors:rate5m > 2' },
    ]);
  });

  it('are of those rules only that are meant', () => {
    const file = readRuleFile('rules/some.yaml', text);
    const subjects = ruleMutants(file, ({ rule: index }) => index === 1).map(({ subject }) => subject);
    expect(new Set(subjects)).toEqual(new Set(['Errors']));
  });

  it('come in the same order with the same ids, each once', () => {
    const ids = mutantsOf(text).map(({ id }) => id);
    expect(mutantsOf(text).map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toMatch(/^some\/job:errors:rate5m\/window\/[0-9a-f]{8}$/);
  });

  it('keep their ids when another rule or an annotation changes', () => {
    const of = (content: string) =>
      mutantsOf(content)
        .filter(({ subject }) => subject === 'Errors')
        .map(({ id }) => id);
    expect(of(text.replace('[5m]', '[10m]').replace('summary: Errors.', 'summary: Other.'))).toEqual(of(text));
  });

  it('get another id when their own rule changes', () => {
    const of = (content: string) =>
      mutantsOf(content)
        .filter(({ subject }) => subject === 'Errors')
        .map(({ id }) => id);
    expect(of(text.replace('for: 4m', 'for: 5m'))).not.toContain(of(text)[0]);
  });

  it('are never what they were made of', () => {
    const twice = mutantsOf(text.replace('job:errors:rate5m > 1', 'job:errors:rate5m and job:errors:rate5m'));
    const expressions = twice.flatMap(({ rule: other }) => (other === 'removed' ? [] : [other]));
    expect(expressions).not.toContainEqual({ ...rule, expr: 'job:errors:rate5m and job:errors:rate5m' });
  });

  it('cannot be made of what is no PromQL: the error names file and rule', () => {
    expect(() => mutantsOf(text.replace('job:errors:rate5m > 1', 'job:errors >'))).toThrow(
      /rules\/some\.yaml: Errors: expr/,
    );
  });
});
