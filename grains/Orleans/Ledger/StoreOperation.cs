using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>
/// What is rare is decided by the same code as in the other engines, on the store's rows; the ledger then reads again what it may have changed.
/// </summary>
internal sealed class StoreOperation<T>(ChangeReach reach, bool durable, Func<SqlWork, Task<T>> decide) : LedgerOperation<T>, IStoreOperation
{
    public ChangeReach Reach => reach;

    public string? TrialId { get; init; }

    public override bool Durable => durable;

    public async Task DecideAsync(SqlWork work) => Answer = await decide(work);
}
