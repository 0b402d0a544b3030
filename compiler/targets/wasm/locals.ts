/**
 * Names of a function's locals. The kernel language has blocks, but a function of WebAssembly has one list of locals.
 * Variables of the same name and type in different blocks share a local.
 */
import type { Type } from '../../kernel/types.ts';
import { WASM_TYPES } from './expression.ts';
import type { Sexpr } from './sexpr.ts';

export interface Locals {
  /** Declares a parameter of the function. */
  parameter(name: string, type: Type): void;
  /** Declares a variable and returns its local. `close` ends all declarations since `open`. */
  declare(name: string, type: Type): string;
  nameOf(name: string): string;
  open(): void;
  close(): void;
  /** `(local $i i32)` for all locals that are not parameters, in the order of their declaration. */
  list(): Sexpr[];
}

export function createLocals(): Locals {
  const parameters = new Set<string>();
  const types = new Map<string, string>();
  const scopes = [new Map<string, string>()];
  const inUse = (local: string): boolean => scopes.some((scope) => [...scope.values()].includes(local));
  return {
    parameter(name, type) {
      parameters.add(name);
      types.set(name, WASM_TYPES[type]);
      scopes[0]!.set(name, name);
    },
    declare(name, type) {
      const wasm = WASM_TYPES[type];
      let local = name;
      for (let n = 2; inUse(local) || (types.get(local) ?? wasm) !== wasm; n++) local = `${name}_${n}`;
      types.set(local, wasm);
      scopes.at(-1)!.set(name, local);
      return local;
    },
    nameOf(name) {
      for (let i = scopes.length - 1; i >= 0; i--) {
        const local = scopes[i]!.get(name);
        if (local !== undefined) return local;
      }
      throw new Error(`${name} is not declared`);
    },
    open: () => void scopes.push(new Map()),
    close: () => void scopes.pop(),
    list: () =>
      [...types].filter(([name]) => !parameters.has(name)).map(([name, type]) => ['local', `$${name}`, type]),
  };
}
