using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sweep.Silo.Orleans;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>Silos whose clocks differ by minutes, on one table.</summary>
public sealed class StoreClockTableTests
{
    private static readonly DateTimeOffset Stores = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Rows _rows = new();

    [Fact]
    public async Task Times_WhenTheClocksOfSilosDiffer_AreTheStoresInTheTableAndEachSilosOwnWhereItReads()
    {
        FakeTimeProvider early = new(Stores - TimeSpan.FromMinutes(1)), late = new(Stores + TimeSpan.FromMinutes(1));
        StoreClockTable ofEarly = Table(early), ofLate = Table(late);
        MembershipEntry entry = Entry(early);
        entry.AddSuspector(entry.SiloAddress, early.GetUtcNow().UtcDateTime);
        Assert.True(await ofEarly.InsertRowAsync(entry, new TableVersion(1, "1"), None));

        MembershipEntry stored = _rows.Only;
        Assert.Equal((Stores.UtcDateTime, Stores.UtcDateTime, Stores.UtcDateTime), (stored.StartTime, stored.IAmAliveTime, stored.SuspectTimes![0].Item2));
        Assert.Equal(early.GetUtcNow().UtcDateTime, entry.IAmAliveTime);

        MembershipEntry read = Assert.Single((await ofLate.ReadAllAsync(None)).Members).Item1;
        DateTime now = late.GetUtcNow().UtcDateTime;
        Assert.Equal((now, now, now), (read.StartTime, read.IAmAliveTime, read.SuspectTimes![0].Item2));
        Assert.Equal((entry.SiloName, entry.Status, entry.ProxyPort, entry.HostName), (read.SiloName, read.Status, read.ProxyPort, read.HostName));

        await ofLate.UpdateIAmAliveAsync(Entry(late), None);
        Assert.Equal(Stores.UtcDateTime, _rows.Only.IAmAliveTime);
        await ofLate.CleanupDefunctSiloEntriesAsync(late.GetUtcNow(), None);
        Assert.Equal(Stores, _rows.CleanedUpTo);
    }

    [Fact]
    public async Task Clock_WhenAMachinesClockIsPutRight_IsAskedForAgain()
    {
        var clock = new FakeTimeProvider(Stores);
        int asked = 0;
        var table = new StoreClockTable(_rows, _ => Task.FromResult(Stores + TimeSpan.FromSeconds(++asked)), clock);
        await table.UpdateIAmAliveAsync(Entry(clock), None);
        await table.UpdateIAmAliveAsync(Entry(clock), None);
        Assert.Equal(1, asked);
        clock.Advance(TimeSpan.FromSeconds(31));
        await table.UpdateIAmAliveAsync(Entry(clock), None);
        Assert.Equal(2, asked);
    }

    private StoreClockTable Table(TimeProvider clock) => new(_rows, _ => Task.FromResult(Stores), clock);

    private static MembershipEntry Entry(TimeProvider clock) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 7), Status = SiloStatus.Active, SiloName = "a", HostName = "host", ProxyPort = 2,
        StartTime = clock.GetUtcNow().UtcDateTime, IAmAliveTime = clock.GetUtcNow().UtcDateTime,
    };

    private sealed class Rows : IMembershipTable
    {
        public MembershipEntry Only { get; private set; } = null!;

        public DateTimeOffset CleanedUpTo { get; private set; }

        public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

        public Task DeleteMembershipTableEntries(string clusterId) => Task.CompletedTask;

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
        {
            CleanedUpTo = beforeDate;
            return Task.CompletedTask;
        }

        public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadAll();

        public Task<MembershipTableData> ReadAll() => Task.FromResult(new MembershipTableData(Tuple.Create(Only, "1"), new TableVersion(1, "1")));

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
        {
            Only = entry;
            return Task.FromResult(true);
        }

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => InsertRow(entry, tableVersion);

        public Task UpdateIAmAlive(MembershipEntry entry)
        {
            Only = entry;
            return Task.CompletedTask;
        }
    }
}
