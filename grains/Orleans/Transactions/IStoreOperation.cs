using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>A <see cref="StoreOperation{T}"/> whatever its answer.</summary>
internal interface IStoreOperation
{
    ChangeReach Reach { get; }

    /// <summary>The trial where <see cref="Reach"/> is one.</summary>
    string? TrialId { get; }

    Task DecideAsync(SqlWork work);
}
