/** Everything that a run of the benches has found: what `--json` writes and the report prints. */
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import type { ColdStart, Failure, Peak } from './once.ts';
import type { PackageFacts } from './prepare.ts';
import type { Shipped } from './shipped.ts';
import type { NetSpeed } from './speed.ts';
import type { EngineKind } from './engines.ts';
import type { HostName } from './options.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  /** The machine's load in the minute before the start. */
  readonly load: number;
}

export interface EngineInfo {
  readonly name: string;
  readonly kind: EngineKind;
  /** What it runs in, with its version: `Node v24.21.0`. */
  readonly runtime: string;
}

export interface NetFacts {
  readonly net: string;
  readonly batch: number;
  /** Facts of the packages by cnnc's target. */
  readonly facts: Readonly<Record<string, PackageFacts>>;
}

export interface Section<T> {
  readonly net: string;
  readonly results: readonly T[];
  readonly failures: readonly Failure[];
}

export interface Results {
  readonly task: 'inference' | 'training';
  /** Where cnnc and the web peers ran. */
  readonly host: HostName;
  readonly machine: Machine;
  readonly engines: readonly EngineInfo[];
  readonly peers: Readonly<Record<string, string>>;
  readonly nets: readonly NetFacts[];
  readonly speed: readonly NetSpeed[];
  readonly coldStart: readonly Section<ColdStart>[];
  readonly peaks: readonly Section<Peak>[];
  readonly shipped: readonly { readonly what: string; readonly bytes: Shipped }[];
}

export function machineInfo(): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
    load: loadavg()[0]!,
  };
}
