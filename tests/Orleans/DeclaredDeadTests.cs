using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Client.Chaos;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>A silo that the others take for dead though it lives: on a busy machine it may miss its first probes.</summary>
public sealed class DeclaredDeadTests(PostgresServer server) : IAsyncLifetime
{
    private const string Schema = "declareddead";

    private static readonly CancellationToken None = CancellationToken.None;

    public ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (PostgresServer.Missing is null)
            await server.ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
    }

    /// <summary>
    /// It is slow to join, since the table names a silo that doesn't answer; and by the time that the other silo has found that one dead, it seems to have
    /// been joining for an hour.
    /// </summary>
    [Fact]
    public async Task JoinAsync_WhenItTakesLong_IsNotDeclaredDead()
    {
        PostgresUrl url = PostgresUrl.Parse(server.Url(Schema));
        await using (await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Create))
        {
        }

        await using ChaosMember first = await ChaosMember.JoinAsync(url, TimeSpan.FromSeconds(3));
        await server.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CREATE FUNCTION {Schema}.long_ago() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.starttime := NEW.starttime - interval '1 hour';
                RETURN NEW;
            END $$;
            CREATE TRIGGER long_ago BEFORE INSERT ON {Schema}.orleans_members FOR EACH ROW EXECUTE FUNCTION {Schema}.long_ago();
            INSERT INTO {Schema}.orleans_members (deployment, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
            SELECT deployment, '127.0.0.1', 9, 1, 'away', 'away', {(int)SiloStatus.Active}, 10, now(), now() + interval '1 hour' FROM {Schema}.orleans_versions;
            UPDATE {Schema}.orleans_versions SET version = version + 1;
            """));

        await using ChaosMember second = await ChaosMember.JoinAsync(url, TimeSpan.FromSeconds(3));

        Assert.DoesNotContain(second.Warnings, line => line.Contains("declared this silo dead", StringComparison.Ordinal));
        Assert.Equal(
            1L, await server.ScalarAsync($"SELECT count(*) FROM {Schema}.orleans_members WHERE siloname = 'away' AND status = {(int)SiloStatus.Dead}"));
    }

    /// <summary>As if another silo had written its verdict right after the silo's own row: with the next version of the table.</summary>
    [Theory]
    [InlineData(SiloStatus.Joining, 1)]
    [InlineData(SiloStatus.Active, 1)]
    [InlineData(SiloStatus.Joining, 4)]
    [InlineData(SiloStatus.Active, 2)]
    public async Task JoinAsync_WhenDeclaredDeadOnTheWay_JoinsAgainAndLeases(SiloStatus moment, int times)
    {
        PostgresUrl url = PostgresUrl.Parse(server.Url(Schema));
        await using (PostgresSweeps store = await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Create))
            await store.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        await server.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CREATE SEQUENCE {Schema}.joined;
            CREATE FUNCTION {Schema}.declare_dead() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.status = {(int)moment} AND (TG_OP = 'INSERT' OR OLD.status <> {(int)moment}) AND nextval('{Schema}.joined') <= {times} THEN
                    UPDATE {Schema}.orleans_members SET status = {(int)SiloStatus.Dead}
                    WHERE address = NEW.address AND port = NEW.port AND generation = NEW.generation;
                    UPDATE {Schema}.orleans_versions SET version = version + 1;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER declare_dead AFTER INSERT OR UPDATE ON {Schema}.orleans_members FOR EACH ROW EXECUTE FUNCTION {Schema}.declare_dead();
            """));

        await using ChaosMember member = await ChaosMember.JoinAsync(url, TimeSpan.FromSeconds(3));
        string active = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT count(*) FROM {Schema}.orleans_members WHERE status = {(int)SiloStatus.Active} AND (SELECT last_value FROM {Schema}.joined) > {times}");
        for (int tries = 0; (long)(await server.ScalarAsync(active))! != 1; tries++)
        {
            Assert.True(tries < 600, $"the silo that was declared dead did not join again within a minute; {string.Join("; ", member.Warnings)}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        for (int tries = 0; ; tries++)
        {
            try
            {
                Assert.Single(await member.Coordinator.LeaseAsync(new LeaseRequest("a", 1), None));
                break;
            }
            catch (StoreException) when (tries < 300)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal((long)times + 1, await server.ScalarAsync($"SELECT last_value FROM {Schema}.joined"));
        Assert.Contains(member.Warnings, line => line.Contains("declared this silo dead", StringComparison.Ordinal));
    }
}
