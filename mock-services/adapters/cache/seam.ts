/** Where what a read gets can be changed from outside. */
export interface ReadSeam {
  /** True: what is kept is not found. */
  overlooks?(cache: string): boolean;
  /** True: who misses loads alone, whoever else is just loading the same. */
  loadsAlone?(): boolean;
  /** What is given to the caller in place of `body`. */
  gives?(cache: string, key: string, body: Buffer): Buffer;
}
