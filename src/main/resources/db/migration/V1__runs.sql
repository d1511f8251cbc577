-- Runs and their logs. PostgreSQL is the truth: who owns a run, how far its log goes and what is in it.

-- The hot row: fence (owner, epoch), sequence and state in one place, so that one UPDATE checks and moves them all. Neither index
-- mentions next_seq, and half of each page is free: an append is a heap-only update.
CREATE TABLE runs (
    id               uuid PRIMARY KEY,          -- UUIDv7, made by the pod
    status           smallint NOT NULL,         -- 0 queued, 1 running, 2 handoff, 3 and above: ended
    owner            bigint,                    -- an incarnation; null unless running
    epoch            int NOT NULL DEFAULT 0,    -- counts the owners
    next_seq         int NOT NULL DEFAULT 0,
    attempts         smallint NOT NULL DEFAULT 0,
    handoffs         smallint NOT NULL DEFAULT 0,
    cancel_requested bool NOT NULL DEFAULT false,
    deadline         timestamptz NOT NULL,
    format           smallint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX runs_claimable ON runs (status) WHERE status IN (0, 2);
CREATE INDEX runs_owned ON runs (owner) WHERE status = 1;

-- What does not change while the run goes on.
CREATE TABLE run_meta (
    id          uuid PRIMARY KEY,
    tenant      text NOT NULL,
    wire        text NOT NULL,
    request     text NOT NULL,
    idem_key    text,
    req_hash    text NOT NULL,
    stored      bool NOT NULL,
    retry_no    int NOT NULL DEFAULT 0,
    answered_at timestamptz,
    clients     int NOT NULL DEFAULT 0,         -- that have come besides the one it was made for
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    handoffs    text[] NOT NULL DEFAULT '{}',   -- seq:epoch:strategy, the last 16
    UNIQUE (tenant, idem_key)
);
CREATE INDEX run_meta_unanswered ON run_meta (tenant, req_hash) WHERE answered_at IS NULL;
CREATE INDEX run_meta_live ON run_meta (tenant) WHERE ended_at IS NULL;
CREATE INDEX run_meta_unstored ON run_meta (ended_at) WHERE NOT stored;

-- One row is one event. A partition is the id range of one day of birth. There is no DEFAULT: a row in it would forbid the day's own.
CREATE TABLE run_events (
    run_id uuid NOT NULL,
    seq    int NOT NULL,
    type   smallint NOT NULL,
    data   text NOT NULL,
    PRIMARY KEY (run_id, seq)
) PARTITION BY RANGE (run_id);

-- Who is alive. No foreign key from runs: a death must not lock them.
CREATE TABLE pods (
    incarnation bigint PRIMARY KEY,
    lease_until timestamptz NOT NULL,
    dead        bool NOT NULL DEFAULT false,
    draining    bool NOT NULL DEFAULT false,
    version     bigint NOT NULL
);

-- The ledger of effects: an intent is written before a tool is called, done after it.
CREATE TABLE tool_calls (
    run_id    uuid NOT NULL,
    call_id   text NOT NULL,
    epoch     int NOT NULL,
    args_hash text NOT NULL,
    status    smallint NOT NULL,                -- 0 intent, 1 done, 2 unknown
    result    text,
    PRIMARY KEY (run_id, call_id)
);
