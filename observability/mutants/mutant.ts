/** Something with one mistake in it, which a proof has to notice. */
export interface Mutant {
  /** Of what is changed and how, so that it stays the same when something else is changed. */
  readonly id: string;
  /** Name of the alert, recording rule, route, inhibition or receiver. */
  readonly subject: string;
  /** The kind of mistake. */
  readonly operator: string;
  /** What was written and what is written now. */
  readonly says: string;
}
