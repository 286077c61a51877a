using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// What is rare is decided on the store's rows; the queue then reads again what it may have changed.
/// </summary>
internal sealed class StoreOperation<T>(ChangeReach reach, bool durable, Func<SqlWork, Task<T>> decide) : SweepOperation<T>, IStoreOperation
{
    public ChangeReach Reach => reach;

    public string? TrialId { get; init; }

    public override bool Durable => durable;

    public async Task DecideAsync(SqlWork work) => Answer = await decide(work);
}
