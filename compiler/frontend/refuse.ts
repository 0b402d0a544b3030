import type { ErrorCode } from '../diagnostics/codes.ts';

/** Reports a mistake of the user and does not return: its code, what was found, and lines that explain it. */
export type Refuse = (code: ErrorCode, found: string, details?: readonly string[]) => never;

/** The same where every mistake has one code. */
export type RefuseFound = (found: string, details?: readonly string[]) => never;
