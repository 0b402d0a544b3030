/** Reports a user's mistake and does not return. Takes what was found, and lines that explain it. */
export type Refuse = (found: string, details?: readonly string[]) => never;
