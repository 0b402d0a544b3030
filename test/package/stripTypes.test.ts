/** Types are removed, and everything else stays as it is written. */
import { describe, expect, it } from 'vitest';
import { stripTypes } from '../../compiler/package/stripTypes.ts';

describe('stripTypes', () => {
  it.each([
    ["import { a, type B, type C } from './x.js';", "import { a } from './x.js';"],
    ["import { type B, a, type C, type D } from './x.js';", "import { a } from './x.js';"],
    ["import { type B, a, type C, d } from './x.js';", "import { a, d } from './x.js';"],
    ["import {\n  a,\n  type B,\n  type C,\n} from './x.js';", "import {\n  a,\n} from './x.js';"],
    ["import type { B } from './x.js';\nexport const c = 1;", 'export const c = 1;'],
  ])('%j', (source, expected) => {
    expect(stripTypes(source)).toBe(expected);
  });
});
