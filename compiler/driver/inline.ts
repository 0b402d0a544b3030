/** The option `inline`: which parts of a package stand inside its JavaScript. */
import { INLINE_PARTS, type InlinePart } from '../emit/model.ts';
import type { Reader } from '../frontend/options.ts';

/** `true` is the kernels alone, `all` is every part that the package has. */
export type InlineOption = boolean | 'all' | InlinePart | readonly InlinePart[];

const isPart = (value: unknown): value is InlinePart => INLINE_PARTS.some((part) => part === value);

const listed = `a list of ${INLINE_PARTS.join(', ')}`;

export const inlineReader: Reader<'all' | readonly InlinePart[]> = {
  expected: `true, false, all or ${listed}`,
  read: (value) => {
    if (value === 'all') return value;
    if (typeof value === 'boolean') return value ? ['kernels'] : [];
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    return parts.every(isPart) ? parts : undefined;
  },
};

export const partsOf = (inline: 'all' | readonly InlinePart[]): readonly InlinePart[] =>
  inline === 'all' ? INLINE_PARTS : inline;

/** Kernels that are named, and not meant only where there are any. */
export const namesKernels = (inline: 'all' | readonly InlinePart[]): boolean =>
  inline !== 'all' && inline.includes('kernels');
