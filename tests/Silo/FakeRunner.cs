using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;

namespace Sweep.Tests.Silo;

/// <summary>Runs attempts by a delegate and remembers them.</summary>
internal sealed class FakeRunner(Func<AttemptProgress, CancellationToken, TrialResult>? run = null) : ITrialRunner
{
    public ConcurrentQueue<string> Ran { get; } = [];

    public ConcurrentQueue<string> Forgotten { get; } = [];

    public TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken)
    {
        Ran.Enqueue(attempt.Lease.Trial.Id);
        return run is null ? Samples.Result() : run(attempt, cancellationToken);
    }

    public void Forget(Lease lease) => Forgotten.Enqueue(lease.Trial.Id);
}
