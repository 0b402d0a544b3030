/** Whether a kernel uses vectors anywhere. */
import { somePart } from './walk.ts';
import type { Expr, Kernel, Statement } from './types.ts';

export const usesVectors = ({ body }: Kernel): boolean => body.some(inStatement);

function inStatement(s: Statement): boolean {
  switch (s.kind) {
    case 'for':
    case 'block':
      return s.body.some(inStatement);
    case 'if':
      return s.then.some(inStatement) || s.otherwise.some(inStatement);
    case 'declare':
    case 'reduce':
    case 'assign':
    case 'store':
      return inExpression(s.value);
    case 'barrier':
    case 'comment':
      return false;
  }
}

const inExpression = (e: Expr): boolean => somePart(e, ({ type }) => type === 'f32x4' || type === 'boolx4');
