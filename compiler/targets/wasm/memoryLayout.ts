/** The layout of a wasm package's memory (emit/memoryLayout.ts). Its addresses are constants. */
import {
  layOutMemory as layOut,
  weightFileOrder as fileOrder,
  type MemoryLayout,
} from '../../emit/memoryLayout.ts';
import type { PackageParameter } from '../../emit/parameters.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { ALIGNMENT } from '../../program/memoryPlan.ts';
import type { Buffer, Program } from '../../program/types.ts';

export type { ProgramLayout } from '../../emit/memoryLayout.ts';
export type WasmLayout = MemoryLayout;

const PAGE_BYTES = 65536;
/** The number of bytes that 32-bit addresses reach. */
export const MOST_MEMORY_BYTES = 2 ** 32;

export const pagesFor = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);

export const layOutMemory = (
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
): WasmLayout => layOut(programs, parameters, ALIGNMENT);

export const weightFileOrder = (program: Program): Buffer[] => fileOrder(program, ALIGNMENT);
