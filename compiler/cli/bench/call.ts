/** One kernel call of a program as `cnnc bench` reports it. */
export interface BenchCall {
  readonly phase: string;
  readonly kernel: string;
  readonly label: string;
  readonly result: string;
  readonly schedule: string;
  /** In one run; above one where a step runs its batch in parts, whose times and counts are added up. */
  readonly times: number;
  readonly multiplyAdds: number;
  /** By the schedule's own algorithm: fewer for Winograd. */
  readonly ownMultiplyAdds: number;
  readonly bytes: number;
  /** Of all calls' time. */
  readonly share: number;
  /** The median of the runs; rates and shares are of it. */
  readonly ms: number;
  readonly minMs: number;
  readonly gflops: number;
  readonly ownGflops: number;
  readonly gbPerSecond: number;
  /** `ownGflops` as a share of the ceiling. */
  readonly ofPeak?: number;
  readonly boundBy?: 'compute' | 'memory';
  /** The least time that both ceilings allow, as a share of the time. */
  readonly ofRoof?: number;
  /** Where it is below 60 % of the peak and above 1 % of the time. */
  readonly reasons?: readonly string[];
}
