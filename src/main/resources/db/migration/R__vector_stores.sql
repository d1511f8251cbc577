-- Vector stores, their files and chunks. Repeatable, as the history of drains: it has no number that others' migrations could clash with, and
-- every statement must also be right where it has been run before.
CREATE TABLE IF NOT EXISTS vector_files (
    id         text PRIMARY KEY,
    tenant     text NOT NULL,
    filename   text NOT NULL,
    purpose    text NOT NULL,
    bytes      bigint NOT NULL,
    content    text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS vector_files_tenant ON vector_files (tenant, created_at, id);

CREATE TABLE IF NOT EXISTS vector_stores (
    id             text PRIMARY KEY,
    tenant         text NOT NULL,
    name           text NOT NULL,
    metadata       text NOT NULL,
    model          text NOT NULL,                       -- embeds its files and its queries
    created_at     timestamptz NOT NULL,
    last_active_at timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 0            -- rises with whatever a search may find
);
CREATE INDEX IF NOT EXISTS vector_stores_tenant ON vector_stores (tenant, created_at, id);

-- A file of a store: what is searched, and an ingest with its fence (owner, epoch) and progress in one row.
CREATE TABLE IF NOT EXISTS vector_store_files (
    serial        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    store_id      text NOT NULL REFERENCES vector_stores ON DELETE CASCADE,
    file_id       text NOT NULL REFERENCES vector_files ON DELETE CASCADE,
    status        smallint NOT NULL DEFAULT 0,          -- 0 in progress, 1 completed, 2 failed
    owner         bigint,                               -- a process; null: nobody embeds it
    lease_until   timestamptz,
    epoch         int NOT NULL DEFAULT 0,               -- counts the claims
    losses        int NOT NULL DEFAULT 0,               -- pods that were lost with it
    done          int NOT NULL DEFAULT 0,               -- chunks that are committed
    usage         bigint NOT NULL DEFAULT 0,
    chunk_size    int NOT NULL,
    chunk_overlap int NOT NULL,
    attributes    text NOT NULL,
    error         text,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (store_id, file_id)
);
CREATE INDEX IF NOT EXISTS vector_store_files_open ON vector_store_files (serial) WHERE status = 0;
CREATE INDEX IF NOT EXISTS vector_store_files_file ON vector_store_files (file_id);

CREATE TABLE IF NOT EXISTS vector_chunks (
    serial    bigint NOT NULL REFERENCES vector_store_files ON DELETE CASCADE,
    idx       int NOT NULL,
    content   text NOT NULL,
    embedding bytea NOT NULL,                           -- floats of 32 bits, the lowest byte first, of length 1
    PRIMARY KEY (serial, idx)
);
