-- The past drains of all pods. Repeatable: it has no number that the run tables' migrations could clash with or come too late for, runs
-- after all of them, and again where this file changes; so every statement must also be right where it has been run before.
CREATE TABLE IF NOT EXISTS drain_history (
    pod        text NOT NULL,
    instance   text NOT NULL,                   -- one process of the pod
    generation bigint NOT NULL,                 -- one drain of the process
    ending     text NOT NULL,                   -- ended, undone
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL,
    report     text NOT NULL,                   -- JSON, as in the log
    PRIMARY KEY (instance, generation)
);
CREATE INDEX IF NOT EXISTS drain_history_ended ON drain_history (ended_at);
CREATE INDEX IF NOT EXISTS drain_history_pod ON drain_history (pod, ended_at);
