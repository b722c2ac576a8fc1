import type { ArgumentProblem } from '#catalog/faults/argument.ts';

/** An order that cannot be carried out as it is. */
export class FaultRefused extends Error {
  readonly problems: readonly ArgumentProblem[];

  constructor(problems: readonly ArgumentProblem[]) {
    const sentences = problems.map(
      ({ field, value, expected }) => `${field}: expected ${expected} (got ${JSON.stringify(value) ?? 'nothing'})`,
    );
    super(sentences.join('; '));
    this.name = 'FaultRefused';
    this.problems = problems;
  }
}
