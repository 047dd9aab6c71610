/** What this context tells others. Payloads hold no personal data; each is delivered at least once. */
export interface OperatorsEvents {
  /** A file was taken into the register. */
  'operators.snapshot_imported': {
    snapshotId: string;
    kind: string;
    dataDate: string | null;
    goodRows: number;
  };
  /** A run finished and is the newest. */
  'operators.run_finished': { runId: string; asOf: string; operating: number; findings: number };
  /** A rule began to hold for a firm or shop, or holds again. */
  'operators.finding_opened': {
    findingId: string;
    rule: string;
    ubn: string | null;
    name: string;
    severity: string;
  };
  /** It no longer holds. */
  'operators.finding_resolved': { findingId: string; rule: string; ubn: string | null; name: string };
}

export type OperatorsEventType = keyof OperatorsEvents;
