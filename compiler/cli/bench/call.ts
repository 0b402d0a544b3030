/** One kernel call of a program as `cnnc bench` reports it. */
export interface BenchCall {
  readonly phase: string;
  readonly kernel: string;
  readonly label: string;
  readonly result: string;
  readonly schedule: string;
  /** Calls in one run. More than one if a step has micro-batches; their times and counts are summed. */
  readonly times: number;
  readonly multiplyAdds: number;
  /** Multiply-adds of the schedule's algorithm: fewer than the operation's for Winograd. */
  readonly ownMultiplyAdds: number;
  readonly bytes: number;
  /** Share of the time of all calls. */
  readonly share: number;
  /** Median of the runs; rates and shares use it. */
  readonly ms: number;
  readonly minMs: number;
  readonly gflops: number;
  readonly ownGflops: number;
  readonly gbPerSecond: number;
  /** `ownGflops` as a share of the ceiling. */
  readonly ofPeak?: number;
  readonly boundBy?: 'compute' | 'memory';
  /** The least time that both ceilings allow, as a share of the measured time. */
  readonly ofRoof?: number;
  /** Present for a call below 60 % of the peak with more than 1 % of the time. */
  readonly reasons?: readonly string[];
}
