-- Who may do what. Applied by `sweep setup --store URL --roles`; may be applied again at any time.
-- reader: looks. silo: also leases and reports; it can't submit, pause, or change a spec. operator: also submits, pauses, cancels, retries, discards results.
-- None of them changes tables: that is the owner's, who ran setup.

REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
GRANT USAGE ON SCHEMA {schema} TO {operator}, {silo}, {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {operator}, {silo}, {reader};
REVOKE ALL ON {schema}.cluster_key FROM {reader}; -- who holds it can do to a sweep what a silo can
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {operator}, {silo}, {reader};

GRANT INSERT, UPDATE ON {schema}.sweep_counts, {schema}.silos, {schema}.attempts TO {operator}, {silo};
GRANT UPDATE (state, attempts, failures, memory_failures, losses, cancelling, silo, expires, phase, fraction, loss, failed_on, failed_at, message)
    ON {schema}.trials TO {silo};
GRANT INSERT ON {schema}.results TO {silo};
GRANT INSERT, UPDATE, DELETE ON {schema}.silo_failures TO {operator}, {silo};
GRANT INSERT, UPDATE, DELETE ON {schema}.orleans_members, {schema}.orleans_versions TO {silo};

GRANT INSERT, UPDATE ON {schema}.sweeps, {schema}.trials TO {operator};
GRANT UPDATE (host) ON {schema}.sweeps TO {silo};
GRANT DELETE ON {schema}.results TO {operator};
GRANT INSERT ON {schema}.files TO {operator};
