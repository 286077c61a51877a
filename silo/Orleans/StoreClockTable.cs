namespace Sweep.Silo.Orleans;

/// <summary>
/// A membership table whose times are the store's clock's, whatever the silos' own clocks say: what is written is shifted to it, what is read is shifted back,
/// so that each silo sees all times as if they had been written by its own. Orleans takes a silo for stale, or for joining too long, by comparing the times
/// that others wrote with its own clock. Thread-safe.
/// </summary>
/// <param name="table">The table itself.</param>
/// <param name="storesClock">Asks the store.</param>
internal sealed class StoreClockTable(IMembershipTable table, Func<CancellationToken, Task<DateTimeOffset>> storesClock, TimeProvider time) : IMembershipTable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private TimeSpan _ahead;
    private long? _asked;

    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default)
    {
        await AheadAsync(cancellationToken);
        await table.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken);
    }

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default) =>
        table.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken);

    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default) =>
        await table.CleanupDefunctSiloEntriesAsync(beforeDate + await AheadAsync(cancellationToken), cancellationToken);

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default)
    {
        TimeSpan ahead = await AheadAsync(cancellationToken);
        return Read(await table.ReadRowAsync(key, cancellationToken), ahead);
    }

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        TimeSpan ahead = await AheadAsync(cancellationToken);
        return Read(await table.ReadAllAsync(cancellationToken), ahead);
    }

    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        await table.InsertRowAsync(Shifted(entry, await AheadAsync(cancellationToken)), tableVersion, cancellationToken);

    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        await table.UpdateRowAsync(Shifted(entry, await AheadAsync(cancellationToken)), etag, tableVersion, cancellationToken);

    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default) =>
        await table.UpdateIAmAliveAsync(Shifted(entry, await AheadAsync(cancellationToken)), cancellationToken);

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion);

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry);

    private static MembershipTableData Read(MembershipTableData data, TimeSpan ahead) =>
        new([.. data.Members.Select(m => Tuple.Create(Shifted(m.Item1, -ahead), m.Item2))], data.Version);

    /// <summary>A copy: the caller goes on using its entry.</summary>
    private static MembershipEntry Shifted(MembershipEntry entry, TimeSpan by) => new()
    {
        SiloAddress = entry.SiloAddress,
        Status = entry.Status,
        SuspectTimes = entry.SuspectTimes?.ConvertAll(vote => Tuple.Create(vote.Item1, Shifted(vote.Item2, by))),
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = Shifted(entry.StartTime, by),
        IAmAliveTime = Shifted(entry.IAmAliveTime, by),
    };

    /// <summary>Times that were never set, or are at an end of the calendar, stay.</summary>
    private static DateTime Shifted(DateTime at, TimeSpan by) =>
        at > DateTime.MinValue + by.Duration() && at < DateTime.MaxValue - by.Duration() ? at + by : at;

    /// <summary>By how much the store's clock is ahead of this machine's; as it was last known where the store doesn't say.</summary>
    private async Task<TimeSpan> AheadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_asked is { } asked && time.GetElapsedTime(asked) < AskEvery)
                return _ahead;
        }

        DateTimeOffset before = time.GetUtcNow();
        long began = time.GetTimestamp();
        DateTimeOffset stores = await storesClock(cancellationToken);
        TimeSpan ahead = stores - (before + (time.GetElapsedTime(began) / 2));
        lock (_lock)
        {
            (_ahead, _asked) = (ahead, time.GetTimestamp());
            return ahead;
        }
    }
}
