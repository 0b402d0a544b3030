/** Reports a mistake of the user's and does not return: what was found, and lines that explain it. */
export type Refuse = (found: string, details?: readonly string[]) => never;
