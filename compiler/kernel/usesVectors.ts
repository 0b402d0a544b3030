/** Whether a kernel is written in vectors, anywhere. */
import { mapExpr } from './walk.ts';
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

function inExpression(e: Expr): boolean {
  let found = false;
  mapExpr(e, (inner) => {
    found ||= inner.type === 'f32x4' || inner.type === 'boolx4';
    return inner;
  });
  return found;
}
