import type { ColumnType, Generated } from 'kysely';

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;
/** A legal day as `YYYY-MM-DD`. */
type Day = ColumnType<string, string, string>;
type Json<T> = ColumnType<T, string, string>;

export type Space = 'test' | 'live';
/** Lanes in the order in which they are served. */
export type MessageClass = 'otp' | 'single' | 'batch';
export type OutcomePolicy = 'once' | 'at-least-once';
export type OutcomeState = 'delivered' | 'undelivered' | 'expired' | 'rejected' | 'unknown' | 'cancelled';
export type BatchState =
  | 'draft'
  | 'reading'
  | 'checked'
  | 'sealing'
  | 'sealed'
  | 'approved'
  | 'sending'
  | 'paused'
  | 'cancelled'
  | 'done'
  | 'failed';
export type VersionState = 'draft' | 'submitted' | 'with-ministry' | 'approved' | 'rejected' | 'withdrawn';

/** A typed field of a template. `link` is the only one that may hold an address, `phone` the only one with a number to dial. */
export interface TemplateField {
  readonly name: string;
  readonly type: 'text' | 'number' | 'amount' | 'date' | 'time' | 'code' | 'link' | 'phone';
  /** Longest value, in UTF-16 units. */
  readonly maxLength: number;
}

/** A few rows that go first; the rest waits for what becomes of them. */
export interface Canary {
  readonly rows: number;
  /** Above this share of failures the rest is not sent. */
  readonly stopAbovePercent: number;
  /** Chunks of the rows, once sealed. */
  readonly chunkIds: readonly number[];
  readonly passed: boolean;
}

export interface MessagingTables {
  service: {
    id: string;
    organisation_id: string;
    space: Space;
    name: string;
    state: 'trial' | 'live' | 'paused';
    contact_numbers: Generated<string[]>;
    link_hosts: Generated<string[]>;
    team_number_ids: Generated<string[]>;
    send_from: Generated<string>;
    send_until: Generated<string>;
    retention_days: Generated<number>;
    created_by: string;
    created_at: Instant;
    live_since: Instant | null;
    held: Generated<boolean>;
  };
  template: { id: string; service_id: string; name: string; created_at: Instant };
  template_version: {
    id: string;
    template_id: string;
    number: number;
    state: VersionState;
    class: MessageClass;
    outcome_policy: OutcomePolicy;
    body: string;
    fields: Json<readonly TemplateField[]>;
    contact_number: string;
    format_pack: string;
    service_name: string;
    content_hash: Buffer;
    created_by: string;
    author_id: string;
    created_at: Instant;
    submitted_by: string | null;
    submitter_id: string | null;
    submitted_at: Instant | null;
    decided_by: string | null;
    decided_at: Instant | null;
    ministry_decided_by: string | null;
    ministry_decided_at: Instant | null;
    decision_reason: string | null;
    withdrawn_at: Instant | null;
  };
  agency_policy: {
    organisation_id: string;
    space: Space;
    month_parts: number;
    month_ntd: number;
    part_price_cents: number;
    warn_percent: Generated<number>;
    four_eyes_rows: Generated<number>;
  };
  quota_use: {
    organisation_id: string;
    space: Space;
    month: Day;
    parts: Generated<number>;
    warned_at: Instant | null;
  };
  batch: {
    id: string;
    organisation_id: string;
    space: Space;
    service_id: string;
    template_version_id: string;
    name: string;
    state: BatchState;
    staged_key_id: string | null;
    files_until: Day | null;
    row_count: Generated<number>;
    bad_count: Generated<number>;
    duplicate_count: Generated<number>;
    part_count: Generated<number>;
    chunk_count: Generated<number>;
    send_at: Instant | null;
    valid_hours: Generated<number>;
    valid_until: Instant | null;
    canary: Json<Canary> | null;
    content_hash: Buffer | null;
    reserved_on: Day | null;
    job_id: string | null;
    problem: Json<{ zh: string; en: string }> | null;
    pause_reason: 'person' | 'quiet-hours' | 'canary' | null;
    created_by: string;
    creator_id: string;
    created_at: Instant;
    sealed_by: string | null;
    sealer_id: string | null;
    sealed_at: Instant | null;
    approved_by: string | null;
    approved_at: Instant | null;
    verified_at: Instant | null;
    started_at: Instant | null;
    ended_at: Instant | null;
  };
  batch_file: {
    batch_id: string;
    number: number;
    name: string;
    bytes: number;
    sha256: Buffer;
    kind: 'text' | 'workbook';
    encoding: string;
    encoding_by: string;
    choice: ColumnType<unknown, string | undefined, string>;
    state: 'staged' | 'read' | 'failed';
    reading: Json<unknown> | null;
    problem: Json<{ zh: string; en: string }> | null;
    uploaded_by: string;
    created_at: Instant;
  };
  chunk: {
    id: Generated<number>;
    organisation_id: string;
    space: Space;
    service_id: string;
    template_version_id: string;
    batch_id: string | null;
    class: MessageClass;
    telecom: string;
    row_count: number;
    part_count: number;
    vault_id: string;
    not_before: Instant;
    valid_until: Instant;
    retry_of: number | null;
    retry_rows: number[] | null;
    possible_duplicate: Generated<boolean>;
    created_at: Instant;
    closed_at: Instant | null;
  };
  chunk_queue: {
    chunk_id: number;
    space: Space;
    class: MessageClass;
    telecom: string;
    organisation_id: string;
    batch_id: string | null;
    not_before: Instant;
    link_id: string | null;
    token: number | null;
    started: Generated<boolean>;
  };
  accept_key: {
    organisation_id: string;
    space: Space;
    key_digest: Buffer;
    body_digest: Buffer;
    chunk_id: number;
    row: number;
    expires_at: Instant;
  };
  link: {
    id: string;
    space: Space;
    telecom: string;
    name: string;
    host: string;
    port: number;
    tls: Generated<boolean>;
    system_id: string;
    sealed_password: Buffer;
    system_type: Generated<string>;
    bind_mode: Generated<'split' | 'transceiver'>;
    binds: Generated<number>;
    window_size: Generated<number>;
    parts_per_second: number;
    options: ColumnType<unknown, string | undefined, string>;
    state: Generated<'enabled' | 'draining' | 'disabled'>;
    created_at: Instant;
  };
  link_lease: {
    link_id: string;
    holder: string;
    token: number;
    cycle: Generated<number>;
    open_from: Generated<number>;
    expires_at: Instant;
  };
  link_health: { link_id: string; bind_no: number; at: Instant; state: string; figures: Json<unknown> };
  intent: {
    id: number;
    chunk_id: number;
    from_row: number;
    to_row: number;
    link_id: string;
    token: number;
    at: Instant;
  };
  submission: {
    intent_id: number;
    chunk_id: number;
    link_id: string;
    rows: number[];
    parts: number[];
    statuses: number[];
    message_ids: (string | null)[];
    at: Instant;
  };
  check_fresh: { at: Instant; count: number; digests: string[]; chunk_ids: number[] };
  check_run: {
    bucket: number;
    newest: Instant;
    digests: string[];
    chunk_ids: number[];
    minutes: number[];
  };
  receipt: {
    link_id: string;
    message_id: string;
    chunk_id: number | null;
    row: number | null;
    part: number | null;
    state: string;
    network_error: string | null;
    destination_digest: Buffer | null;
    reference: number | null;
    done_at: Instant | null;
    at: Instant;
    settled_at: Instant | null;
  };
  outcome: {
    chunk_id: number;
    row: number;
    parts: Generated<number>;
    state: OutcomeState;
    cause: string | null;
    link_id: string | null;
    at: Instant;
  };
  tally: {
    subject_id: string;
    link_id: Generated<string>;
    hour: Instant;
    kind: string;
    cause: Generated<string>;
    messages: Generated<number>;
    parts: Generated<number>;
  };
  check_key: { week: Day; sealed_key: Buffer; destroy_on: Day };
  smpp_account: {
    id: string;
    organisation_id: string;
    space: Space;
    service_id: string;
    template_version_id: string;
    system_id: string;
    secret_hash: Buffer;
    networks: Generated<string[]>;
    max_binds: Generated<number>;
    parts_per_second: Generated<number>;
    state: Generated<'active' | 'closed'>;
    created_by: string;
    created_at: Instant;
  };
  ended_due: { chunk_id: number; row: number };
  smpp_receipt_due: {
    account_id: string;
    chunk_id: number;
    row: number;
    due_at: Instant;
    attempts: Generated<number>;
  };
}
