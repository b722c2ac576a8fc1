import type { Query } from './postgres.ts';
import type { Session } from './session.ts';

/** Where what becomes of a statement can be changed from outside. */
export interface StatementSeam {
  /** The session that takes the place of `session` for one statement, or for one transaction. */
  session?(session: Session): Session;
  /** How often a statement is made where it was to be made once. */
  times?(query: Query): number;
}
