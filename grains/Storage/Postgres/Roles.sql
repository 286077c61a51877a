-- Who may do what. Applied by `sweep setup --store URL --roles`; may be applied again at any time.
-- reader: looks. silo: also leases and reports, and carries out what operators asked for; it can't submit, ask, or change a spec. operator: also submits,
-- and asks: to pause, resume, cancel, retry, discard, delete, unquarantine, note. It changes no trial itself.
-- None of them changes tables: that is the owner's, who ran setup.

REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
GRANT USAGE ON SCHEMA {schema} TO {operator}, {silo}, {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {operator}, {silo}, {reader};
REVOKE ALL ON {schema}.cluster_key FROM {reader}; -- who holds it can do to a sweep what a silo can
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {operator}, {silo}, {reader};

GRANT INSERT, UPDATE ON {schema}.sweep_counts TO {operator}, {silo};

GRANT INSERT, UPDATE ON {schema}.silos, {schema}.attempts TO {silo};
GRANT UPDATE (state, attempts, failures, memory_failures, losses, cancelling, silo, expires, phase, fraction, loss, failed_on, failed_at, message)
    ON {schema}.trials TO {silo};
GRANT INSERT, DELETE ON {schema}.results TO {silo};
GRANT DELETE ON {schema}.sweeps, {schema}.sweep_counts, {schema}.trials, {schema}.attempts, {schema}.looks TO {silo};
GRANT INSERT, UPDATE ON {schema}.deleted_trials TO {silo};
GRANT DELETE ON {schema}.deleted_trials TO {operator};
GRANT INSERT, UPDATE, DELETE ON {schema}.silo_failures TO {silo};
GRANT UPDATE (paused, stopped, note, look, cost_total) ON {schema}.sweeps TO {silo};
GRANT INSERT ON {schema}.looks TO {silo};
GRANT UPDATE (sweep, done, count, refused) ON {schema}.requests TO {silo};
GRANT INSERT, UPDATE, DELETE ON {schema}.orleans_members, {schema}.orleans_versions TO {silo};

GRANT UPDATE (host) ON {schema}.sweeps TO {silo};

GRANT INSERT ON {schema}.sweeps, {schema}.trials TO {operator};
GRANT UPDATE (id, name, resolved, source, digest, total, cost_total, slots, priority, most_failed) ON {schema}.sweeps TO {operator};
GRANT UPDATE (ordinal, spec, digest) ON {schema}.trials TO {operator};
GRANT INSERT ON {schema}.files TO {operator};
GRANT INSERT (id, sweep, name, verb, trials, silo, note) ON {schema}.requests TO {operator};
