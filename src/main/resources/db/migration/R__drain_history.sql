-- The past drains of all pods. Repeatable: it has no number that the run tables' migrations could clash with or come too late for, runs
-- after all of them, and again where this file changes; so every statement must also be right where it has been run before.
CREATE TABLE IF NOT EXISTS drain_history (
    pod        text NOT NULL,
    instance   text NOT NULL,                   -- one process of the pod
    generation bigint NOT NULL,                 -- one drain of the process
    ending     text NOT NULL,                   -- ended, undone, lost
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL,
    report     text NOT NULL,                   -- JSON, as in the log
    PRIMARY KEY (instance, generation)
);
CREATE INDEX IF NOT EXISTS drain_history_ended ON drain_history (ended_at);
CREATE INDEX IF NOT EXISTS drain_history_pod ON drain_history (pod, ended_at);

-- The processes that live, each with what it last said of itself. Who is silent is lost, unless its drain is in the history.
CREATE TABLE IF NOT EXISTS drain_processes (
    instance  text PRIMARY KEY,
    pod       text NOT NULL,
    state     text NOT NULL,
    trigger   text NOT NULL,                    -- the first one of its drain, or none
    in_flight bigint NOT NULL,
    since     timestamptz NOT NULL,             -- its drain began, or the process
    seen_at   timestamptz NOT NULL
) WITH (fillfactor = 50);

-- What all drains came to, also those that the history has forgotten.
CREATE TABLE IF NOT EXISTS drain_totals (
    trigger           text NOT NULL,            -- the first one of the drain; none: lost while it served
    exit              text NOT NULL,            -- an exit code, undone, expired, lost
    drains            bigint NOT NULL,
    cut               bigint NOT NULL,
    rejected          bigint NOT NULL,
    runs_lost         bigint NOT NULL,
    release_timeouts  bigint NOT NULL,
    PRIMARY KEY (trigger, exit)
);
