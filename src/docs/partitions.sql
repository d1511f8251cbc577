-- The log's partitions, one for each day of birth of its runs, for a service with lastcall.run.partitions=external. To be run once before
-- the first start and then every day, by the owner of the tables, in their schema. Repeatable. Makes yesterday to seven days ahead.
DO $$
DECLARE
    day date;
    name text;
BEGIN
    FOR i IN -1..7 LOOP
        day := (now() AT TIME ZONE 'UTC')::date + i;
        name := 'run_events_' || to_char(day, 'YYYYMMDD');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE run_events INCLUDING ALL)', name);
            -- The first 48 bits of a run's id are its birth, in milliseconds since 1970.
            EXECUTE format('ALTER TABLE run_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
                rpad(lpad(to_hex((extract(epoch FROM day) * 1000)::bigint), 12, '0'), 32, '0')::uuid,
                rpad(lpad(to_hex((extract(epoch FROM day + 1) * 1000)::bigint), 12, '0'), 32, '0')::uuid);
        END IF;
    END LOOP;
END $$;

-- Old days: those before lastcall.run.retention whose runs are gone from the table runs, which the service sees to. Outside a transaction:
--   ALTER TABLE run_events DETACH PARTITION run_events_20260101 CONCURRENTLY;
--   DROP TABLE run_events_20260101;
