-- What a trial needs that not every silo can do, and what silos say of themselves (flags: 1 TorchSharp).
ALTER TABLE trials ADD COLUMN needs integer NOT NULL DEFAULT 0;
ALTER TABLE silos ADD COLUMN devices text, ADD COLUMN slots integer, ADD COLUMN offers integer NOT NULL DEFAULT 0;

-- Trials that wait for such a silo are few, or none.
CREATE INDEX trials_needs ON trials (sweep, needs) WHERE state = 0 AND needs <> 0;

-- It was made by 0002 once, with other parameters.
DROP FUNCTION IF EXISTS report_and_lease;

-- Commits results and leases what is next, as far as nothing is unusual. Nothing of it is decided here alone: of a finished trial that is not accepted, and of a
-- lease that was not given, the program finds out in the general way what is the matter.
-- Locks: trials, the silo, counters, as everywhere.
CREATE FUNCTION report_and_lease(
    -- Finished attempts of one silo, in the order of their sweeps and ids; the metrics of all of them one after the other, and so the curves.
    in_sweeps text[], in_trials text[], in_tokens integer[], in_holder bigint, in_devices text[], in_notes text[],
    in_metric_counts integer[], in_metric_names text[], in_metric_values double precision[], in_metric_floors double precision[], in_metric_reasons text[],
    in_curve_counts integer[], in_curve_names text[], in_curve_points bytea[],
    -- What is asked for: nothing if most is 0. Nothing is leased either if not all results are accepted: what they bring about may matter.
    in_silo text, in_most integer, in_sweep text, in_artifacts text, in_devices_shown text, in_slots integer, in_offers integer, in_lease_ms bigint, in_suspect integer,
    OUT out_accepted boolean[],
    OUT out_sweeps text[], OUT out_specs text[], OUT out_attempts integer[], OUT out_memory_failures integer[], OUT out_silo bigint, OUT out_expires bigint)
LANGUAGE plpgsql
-- The queue's index gives its order; without statistics (a sweep just submitted) the planner would rather read all and sort.
SET plan_cache_mode = force_generic_plan SET enable_sort = off SET enable_bitmapscan = off SET jit = off
AS $$
DECLARE
    moment   bigint := now_ms();
    accepted integer := 0;
    m        integer := 0; -- metrics and curves of results before this one
    c        integer := 0;
    one      record;
    me       record;
    taken    record;
    oldest   bigint;
    head     record;
    -- What is not counted yet, of one sweep.
    s_sweep  bigint;
    s_leased integer := 0;
    s_done   integer := 0;
    s_cost   double precision := 0;
BEGIN
    out_accepted := '{}';
    FOR i IN 1 .. cardinality(in_trials) LOOP
        -- The sums keep the planner from indexes of the state, which are full of dead entries: a trial is found by its id.
        WITH ended AS (
            UPDATE trials t SET state = 2, losses = 0, cancelling = false, silo = NULL, expires = NULL, phase = NULL, fraction = NULL, loss = NULL
            WHERE t.sweep = (SELECT s.sweep FROM sweeps s WHERE s.id = in_sweeps[i]) AND t.id = in_trials[i]
                AND t.state + 0 = 1 AND t.attempts = in_tokens[i] AND t.silo = in_holder AND t.expires + 0 > moment
                AND NOT EXISTS (SELECT FROM silo_failures f WHERE f.trial = t.trial) AND NOT EXISTS (SELECT FROM silo_failures f WHERE f.silo = in_holder)
            RETURNING t.trial, t.sweep, t.cost),
        attempt AS (UPDATE attempts a SET outcome = 1, ended = moment FROM ended e WHERE a.trial = e.trial AND a.attempt = in_tokens[i]),
        stored AS (
            INSERT INTO results SELECT e.trial, in_tokens[i], in_devices[i], in_notes[i],
                in_metric_names[m + 1 : m + in_metric_counts[i]], in_metric_values[m + 1 : m + in_metric_counts[i]],
                in_metric_floors[m + 1 : m + in_metric_counts[i]], in_metric_reasons[m + 1 : m + in_metric_counts[i]],
                in_curve_names[c + 1 : c + in_curve_counts[i]], in_curve_points[c + 1 : c + in_curve_counts[i]]
            FROM ended e)
        SELECT e.sweep, e.cost INTO one FROM ended e;
        out_accepted[i] := FOUND;
        IF FOUND THEN
            accepted := accepted + 1;
            IF s_sweep <> one.sweep THEN
                PERFORM count_moves(s_sweep, s_leased, s_done, s_cost);
                s_done := 0; s_cost := 0;
            END IF;
            s_sweep := one.sweep; s_done := s_done + 1; s_cost := s_cost + one.cost;
        END IF;
        m := m + in_metric_counts[i];
        c := c + in_curve_counts[i];
    END LOOP;

    SELECT s.silo, s.last_seen, f.at AS bound INTO me FROM silos s, lease_floor f
    WHERE in_most > 0 AND accepted = cardinality(in_trials) AND s.id = in_silo AND s.quarantined IS NULL 
        AND (in_slots IS NULL OR (s.artifacts, s.devices, s.slots, s.offers) IS NOT DISTINCT FROM (in_artifacts, in_devices_shown, in_slots, in_offers));
    IF moment >= me.bound THEN
        SELECT t.expires INTO oldest FROM trials t WHERE t.state = 1 ORDER BY t.expires LIMIT 1;
        IF oldest <= moment THEN
            me.silo := NULL;
        ELSE
            PERFORM FROM lease_floor FOR NO KEY UPDATE SKIP LOCKED;
            IF FOUND THEN
                UPDATE lease_floor SET at = least(oldest, moment + 250);
            END IF;
        END IF;
    END IF;
    IF me.silo IS NOT NULL THEN
        SELECT array_agg(x.trial) AS trials, array_agg(x.attempt) AS attempts, array_agg(x.memory_failures) AS memory_failures,
            array_agg(x.sweep) AS sweeps, array_agg(x.id) AS ids, array_agg(x.spec) AS specs, min(x.moved) AS moved,
            bool_or(x.losses >= in_suspect OR coalesce(x.failed_on = me.silo, false)) AS unusual INTO taken
        FROM (
            SELECT t.trial, t.attempts + 1 AS attempt, t.memory_failures, t.losses, t.failed_on, t.spec, s.sweep, s.id, h.moved
            FROM sweeps s JOIN queue_heads h ON h.sweep = s.sweep CROSS JOIN LATERAL (
                SELECT * FROM trials q WHERE q.sweep = s.sweep AND q.state = 0 AND (-q.cost, q.ordinal) >= (h.cost, h.ordinal) AND (q.needs & in_offers) = q.needs
                ORDER BY -q.cost, q.ordinal LIMIT in_most FOR NO KEY UPDATE SKIP LOCKED) t
            WHERE NOT s.paused AND (in_sweep IS NULL OR s.id = in_sweep)
            ORDER BY -t.cost, s.sweep, t.ordinal LIMIT in_most) x;
        IF NOT taken.unusual THEN
            out_sweeps := taken.ids;
            out_specs := taken.specs;
            out_attempts := taken.attempts;
            out_memory_failures := taken.memory_failures;
            out_silo := me.silo;
            out_expires := moment + in_lease_ms;
            FOR i IN 1 .. cardinality(taken.trials) LOOP
                WITH leased AS (
                    UPDATE trials t SET state = 1, attempts = taken.attempts[i], silo = me.silo, expires = out_expires WHERE t.trial = taken.trials[i]
                    RETURNING t.trial, t.attempts)
                INSERT INTO attempts (trial, attempt, silo, started) SELECT l.trial, l.attempts, me.silo, moment FROM leased l;
                IF s_sweep <> taken.sweeps[i] THEN
                    PERFORM count_moves(s_sweep, s_leased, s_done, s_cost);
                    s_leased := 0; s_done := 0; s_cost := 0;
                END IF;
                s_sweep := taken.sweeps[i]; s_leased := s_leased + 1;
            END LOOP;
        END IF;
    END IF;

    IF accepted > 0 THEN
        UPDATE silos s SET completed = s.completed + CASE WHEN s.silo = in_holder THEN accepted ELSE 0 END, last_seen = CASE WHEN s.silo = me.silo THEN moment ELSE s.last_seen END
        WHERE s.silo = ANY (ARRAY[in_holder, me.silo]);
    ELSE
        -- A lease that a crash forgets is a lease lost.
        SET LOCAL synchronous_commit = off;
        IF me.silo IS NOT NULL AND coalesce(me.last_seen, 0) <= moment - 500 THEN
            UPDATE silos s SET last_seen = moment WHERE s.silo = me.silo;
        END IF;
    END IF;
    IF s_sweep IS NOT NULL THEN
        PERFORM count_moves(s_sweep, s_leased, s_done, s_cost);
    END IF;

    IF s_leased > 0 THEN
        IF taken.moved <= moment - 100 THEN
            -- As others see the queue, whose leases are not committed yet: what they roll back is still queued.
            SELECT h.cost, h.ordinal INTO head FROM queue_heads h WHERE h.sweep = s_sweep AND h.moved <= moment - 100 FOR NO KEY UPDATE SKIP LOCKED;
            IF FOUND THEN
                UPDATE queue_heads h SET cost = -q.cost, ordinal = q.ordinal, moved = moment
                FROM (SELECT t.cost, t.ordinal FROM trials t WHERE t.sweep = s_sweep AND t.state = 0 AND (-t.cost, t.ordinal) >= (head.cost, head.ordinal)
                    ORDER BY -t.cost, t.ordinal LIMIT 1) q
                WHERE h.sweep = s_sweep;
            END IF;
        END IF;
    END IF;
END
$$;
