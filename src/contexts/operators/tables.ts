import type { ColumnType, Generated } from 'kysely';

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;
/** A legal day as `YYYY-MM-DD`. */
type Day = ColumnType<string, string, string>;
type Json<T> = ColumnType<T, string, string>;

export interface OperatorsTables {
  import: {
    id: string;
    state: 'previewed' | 'running' | 'done' | 'failed' | 'cancelled';
    organisation_id: string;
    created_by: string;
    created_at: Instant;
    finished_at: Instant | null;
    job_id: string | null;
    run_id: string | null;
    as_of: Day | null;
    accept_shrink: Generated<boolean>;
    problem: Json<{ zh: string; en: string }> | null;
  };
  import_file: {
    import_id: string;
    file_no: number;
    name: string;
    original_id: string;
    bytes: number;
    sha256: string;
    preview: Json<unknown>;
    decision: Json<{ kind?: string | null; mapping?: Record<string, string>; dataDate?: string | null }>;
  };
  snapshot: {
    id: string;
    number: Generated<number>;
    import_id: string;
    file_no: number;
    kind: string;
    file_name: string;
    sha256: string;
    encoding: string | null;
    container: string | null;
    data_date: Day | null;
    known_from: Instant;
    good_rows: number;
    rejected_rows: number;
    attribution: string | null;
    merged: boolean;
    appeared: Generated<number>;
    changed: Generated<number>;
    vanished: Generated<number>;
  };
  rejected_cell: {
    import_id: string;
    number: number;
    file: string;
    row_number: number | null;
    column_name: string | null;
    value: string | null;
    reason_code: string;
    reason_zh: string;
    reason_en: string;
    row_kept: boolean;
  };
  fact: {
    kind: string;
    natural_key: string;
    digest: string;
    ubn: string | null;
    name: string | null;
    folded: string | null;
    payload: Json<Record<string, unknown>>;
    row_number: number;
    valid_from: Day | null;
    valid_to: Day | null;
    known_from: Instant;
    known_from_snapshot: number;
    known_to: Instant | null;
    known_to_snapshot: number | null;
  };
  operator: {
    ubn: string;
    name: string;
    folded: string;
    address: string | null;
    register_class: string;
    register_status: string | null;
    capital: number | null;
    has_item: boolean;
    source: string;
  };
  operator_name: { ubn: string; name: string; folded: string; kind: 'legal' | 'brand'; grams: string[] };
  run: {
    id: string;
    number: Generated<number>;
    as_of: Day;
    known_at: Instant;
    state: 'running' | 'done' | 'failed';
    organisation_id: string;
    started_by: string;
    started_at: Instant;
    finished_at: Instant | null;
    job_id: string | null;
    pack: string | null;
    operating: number | null;
    findings: number | null;
    summary: Json<unknown> | null;
    problem: Json<{ zh: string; en: string }> | null;
  };
  run_operator: {
    run_id: string;
    number: number;
    ubn: string | null;
    name: string;
    folded: string;
    status: string;
    steps: string[];
    content: Json<unknown>;
  };
  run_match: {
    run_id: string;
    number: number;
    key: string;
    ubn: string | null;
    outcome: string;
    to_judge: boolean;
    content: Json<unknown>;
  };
  finding: {
    id: string;
    rule: string;
    subject: string;
    ubn: string | null;
    name: string;
    state: 'open' | 'resolved' | 'dismissed';
    first_seen_run: string;
    first_seen_on: Day;
    still_true_on: Day;
    dismissed_reason: string | null;
  };
  run_finding: {
    run_id: string;
    finding_id: string;
    severity: string;
    score: number;
    content: Json<unknown>;
  };
  finding_history: {
    finding_id: string;
    at: Instant;
    what: 'opened' | 'resolved' | 'reopened' | 'dismissed';
    actor_id: string | null;
    run_id: string | null;
    note: string | null;
  };
  judgement: {
    id: string;
    match_key: string | null;
    name: string;
    content: Json<unknown>;
    reason: string;
    made_by: string;
    made_at: Instant;
    undone_by: string | null;
    undone_at: Instant | null;
  };
  weights: {
    id: string;
    pack: string;
    weights: Json<Record<string, number>>;
    reason: string;
    changed_by: string;
    changed_at: Instant;
  };
  saved_view: {
    id: string;
    organisation_id: string;
    owner_id: string;
    shared: boolean;
    name: string;
    page: string;
    query: string;
    created_at: Instant;
  };
}
