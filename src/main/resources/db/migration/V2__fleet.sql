-- What a claim looks for, found without a walk over ended runs: free ones in the order of their birth, and overdue ones.
DROP INDEX runs_claimable;
CREATE INDEX runs_free ON runs (id) WHERE status IN (0, 2);
CREATE INDEX runs_overdue ON runs (deadline) WHERE status IN (0, 1, 2);

-- What a claim has to know of all pods, in one row that one of them keeps for all.
CREATE TABLE fleet (
    one          bool PRIMARY KEY DEFAULT true CHECK (one),
    keeper       bigint NOT NULL DEFAULT 0,               -- an incarnation
    keeper_until timestamptz NOT NULL DEFAULT '-infinity',
    live         int NOT NULL DEFAULT 0,                  -- pods whose lease runs
    serving      bigint[] NOT NULL DEFAULT '{}',          -- at most two of those that claim
    newest       bigint,                                  -- the highest version of those that claim
    dead         bigint[] NOT NULL DEFAULT '{}',          -- incarnations that own runs
    house_until  timestamptz NOT NULL DEFAULT '-infinity' -- somebody makes and drops partitions until then
) WITH (fillfactor = 10);
INSERT INTO fleet DEFAULT VALUES;
