/** What the documentation says about one kind of mistake. */
export interface CodeEntry {
  /** The mistake in one line. */
  readonly title: string;
  /** What the error means and what usually causes it, in one to three sentences. */
  readonly explanation: string;
  /** What to do about it. */
  readonly fix: string;
}
