-- Reporting and leasing cost one round trip, and touch few rows. What is unusual (failures to judge, expired leases, suspects) is left to the program's general way.

-- A result is one row: metrics and curves are arrays in it, and views for those who ask by name.
ALTER TABLE results RENAME TO results_1;
CREATE TABLE results (
    trial          bigint             NOT NULL,
    attempt        integer            NOT NULL,
    device         text               NOT NULL,
    notes          text               NOT NULL, -- a JSON array of strings
    metric_names   text[]             NOT NULL,
    metric_values  double precision[] NOT NULL,
    metric_floors  double precision[] NOT NULL,
    metric_reasons text[]             NOT NULL,
    curve_names    text[]             NOT NULL,
    curve_points   bytea[]            NOT NULL  -- IEEE 754 float32, little-endian, NaN and infinities as they are
) WITH (toast_tuple_target = 8160); -- a usual result stays in its row
ALTER TABLE results ALTER COLUMN curve_points SET STORAGE EXTERNAL; -- floats don't compress
INSERT INTO results
SELECT r.trial, r.attempt, r.device, r.notes, coalesce(m.names, '{}'), coalesce(m.values, '{}'), coalesce(m.floors, '{}'), coalesce(m.reasons, '{}'),
    coalesce(c.names, '{}'), coalesce(c.points, '{}')
FROM results_1 r
LEFT JOIN (SELECT trial, array_agg(name ORDER BY name) AS names, array_agg(value ORDER BY name) AS values, array_agg(floor ORDER BY name) AS floors,
    array_agg(reason ORDER BY name) AS reasons FROM metrics GROUP BY trial) m ON m.trial = r.trial
LEFT JOIN (SELECT trial, array_agg(name ORDER BY name) AS names, array_agg(points ORDER BY name) AS points FROM curves GROUP BY trial) c ON c.trial = r.trial;
DROP VIEW curve_points, trial_metrics;
DROP TABLE metrics, curves, results_1;
ALTER TABLE results ADD CONSTRAINT results_pkey PRIMARY KEY (trial);

CREATE VIEW metrics AS
SELECT r.trial, m.name COLLATE "C" AS name, m.value, m.floor, m.reason
FROM results r CROSS JOIN LATERAL unnest(r.metric_names, r.metric_values, r.metric_floors, r.metric_reasons) AS m (name, value, floor, reason);

CREATE VIEW curves AS
SELECT r.trial, c.name COLLATE "C" AS name, c.points FROM results r CROSS JOIN LATERAL unnest(r.curve_names, r.curve_points) AS c (name, points);

CREATE VIEW curve_points AS
SELECT s.name AS sweep, t.id AS trial, t.spec::jsonb -> 'axes' AS axes, (t.spec::jsonb ->> 'seed')::bigint AS seed, c.name AS curve, v.index, v.value
FROM curves c JOIN trials t ON t.trial = c.trial JOIN sweeps s ON s.sweep = t.sweep CROSS JOIN LATERAL curve_values(c.points) v;

CREATE VIEW trial_metrics AS
SELECT s.name AS sweep, t.id AS trial, t.spec::jsonb -> 'axes' AS axes, (t.spec::jsonb ->> 'seed')::bigint AS seed, m.name AS metric, m.value, m.floor, m.reason
FROM metrics m JOIN trials t ON t.trial = m.trial JOIN sweeps s ON s.sweep = t.sweep;

-- Trials and silos are never deleted, and whoever writes these columns has just read what they point to: checking it again locked the silo's row for every lease.
ALTER TABLE attempts DROP CONSTRAINT attempts_trial_fkey, DROP CONSTRAINT attempts_silo_fkey;
ALTER TABLE trials DROP CONSTRAINT trials_silo_fkey, DROP CONSTRAINT trials_failed_on_fkey;

-- Both columns ascend: a row comparison can begin in the middle of it.
DROP INDEX trials_queue;
CREATE INDEX trials_queue ON trials (sweep, (-cost), ordinal) WHERE state = 0;

-- Where a sweep's queue begins: no queued trial comes before. Leases leave dead entries at the head of the index, which stay until the next vacuum and which
-- every lease would read. Who queues a trial again sends the head back, before it commits; who moves the head on first locks its row, then looks at the queue.
CREATE TABLE queue_heads (
    sweep   bigint           PRIMARY KEY REFERENCES sweeps,
    cost    double precision NOT NULL DEFAULT '-Infinity', -- negated
    ordinal bigint           NOT NULL DEFAULT 0,
    moved   bigint           NOT NULL DEFAULT 0            -- when
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
INSERT INTO queue_heads (sweep) SELECT sweep FROM sweeps;

-- No lease expires before this, as far as leases of a quarter of a second and longer go: asked at every lease in place of the index of expirations, which has dead entries too.
CREATE TABLE lease_floor (at bigint NOT NULL) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
INSERT INTO lease_floor VALUES (0);

-- Counts that trials of a sweep were leased and completed, in a row of sweep_counts that nobody else is writing: this connection's own, mostly.
CREATE FUNCTION count_moves(in_sweep bigint, in_leased integer, in_completed integer, in_cost double precision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mine  integer := pg_backend_pid() % 64;
    other integer;
BEGIN
    PERFORM FROM sweep_counts n WHERE n.sweep = in_sweep AND n.slot = mine FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        SELECT n.slot INTO other FROM sweep_counts n
        WHERE n.sweep = in_sweep AND EXISTS (SELECT FROM sweep_counts o WHERE o.sweep = in_sweep AND o.slot = mine) LIMIT 1 FOR NO KEY UPDATE OF n SKIP LOCKED;
        mine := coalesce(other, mine);
    END IF;
    INSERT INTO sweep_counts AS n (sweep, slot, queued, running, completed, cost_completed)
    VALUES (in_sweep, mine, -in_leased, in_leased - in_completed, in_completed, in_cost)
    ON CONFLICT (sweep, slot) DO UPDATE SET queued = n.queued + excluded.queued, running = n.running + excluded.running,
        completed = n.completed + excluded.completed, cost_completed = n.cost_completed + excluded.cost_completed;
END
$$;
