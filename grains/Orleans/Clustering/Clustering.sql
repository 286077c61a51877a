-- Where the silos of an Orleans cluster find each other. Written for Microsoft.Orleans.Clustering.AdoNet, which asks OrleansQuery for every statement it
-- executes and fixes their parameters and the columns they return; tables and statements are ours. In the store's schema; may be applied again and again.

-- Who is of the cluster: whoever holds one of these keys (PKCS #12); two while the key is being changed. All rows have one id, the store's identity. The
-- readers' role is not
-- granted them. A dump of the database has them too.
CREATE TABLE IF NOT EXISTS cluster_key (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id     text   NOT NULL,
    key    bytea  NOT NULL
);

CREATE TABLE IF NOT EXISTS orleansquery (
    querykey  text PRIMARY KEY,
    querytext text NOT NULL
);

-- One row per cluster, whose name is the store's identity, a slash, and the build: whoever changes its membership has seen this version and leaves the next.
CREATE TABLE IF NOT EXISTS orleans_versions (
    deployment text        PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 0,
    changed    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS orleans_members (
    deployment    text        NOT NULL REFERENCES orleans_versions ON DELETE CASCADE,
    address       text        NOT NULL,
    port          integer     NOT NULL,
    generation    integer     NOT NULL,
    siloname      text        NOT NULL,
    hostname      text        NOT NULL,
    status        integer     NOT NULL,
    proxyport     integer     NOT NULL,
    suspecttimes  text,
    starttime     timestamptz NOT NULL,
    iamalivetime  timestamptz NOT NULL,
    PRIMARY KEY (deployment, address, port, generation)
);

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $$
    WITH made AS (INSERT INTO orleans_versions (deployment) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM made)
$$),
('InsertMembershipKey', $$
    WITH next AS (
        UPDATE orleans_versions v SET version = v.version + 1, changed = now()
        WHERE v.deployment = @DeploymentId AND v.version = @Version AND NOT EXISTS (
            SELECT 1 FROM orleans_members m
            WHERE m.deployment = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
        RETURNING v.deployment),
    made AS (
        INSERT INTO orleans_members (deployment, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        SELECT next.deployment, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM next
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM made)
$$),
('UpdateMembershipKey', $$
    WITH next AS (
        UPDATE orleans_versions v SET version = v.version + 1, changed = now()
        WHERE v.deployment = @DeploymentId AND v.version = @Version
        RETURNING v.deployment),
    made AS (
        UPDATE orleans_members m SET status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime FROM next
        WHERE m.deployment = next.deployment AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM made)
$$),
('UpdateIAmAlivetimeKey', $$
    UPDATE orleans_members SET iamalivetime = @IAmAliveTime
    WHERE deployment = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('MembershipReadRowKey', $$
    SELECT v.version, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime
    FROM orleans_versions v
        LEFT JOIN orleans_members m ON m.deployment = v.deployment AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.deployment = @DeploymentId
$$),
('MembershipReadAllKey', $$
    SELECT v.version, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime
    FROM orleans_versions v LEFT JOIN orleans_members m ON m.deployment = v.deployment
    WHERE v.deployment = @DeploymentId
$$),
('GatewaysQueryKey', $$
    SELECT address, proxyport, generation FROM orleans_members WHERE deployment = @DeploymentId AND status = @Status AND proxyport > 0
$$),
('DeleteMembershipTableEntriesKey', $$
    DELETE FROM orleans_versions WHERE deployment = @DeploymentId
$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM orleans_members WHERE deployment = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> 3
$$)
ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext WHERE orleansquery.querytext <> excluded.querytext;
