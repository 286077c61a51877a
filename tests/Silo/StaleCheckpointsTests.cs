using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class StaleCheckpointsTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SqliteTestStore _store = new();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sweep-stale-");

    public async ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task LookAsync_WhenTrialsFinishedElsewhereOrWereCancelled_RemovesTheirCheckpointsAlone()
    {
        ICoordinator coordinator = _store.Connect();
        string sweep = (await coordinator.SubmitAsync(Samples.Sweep("stale"), Samples.Trials(3), None)).SweepId;
        IReadOnlyList<Lease> leases = await coordinator.LeaseAsync(new LeaseRequest("elsewhere", 3), None);
        await coordinator.CompleteAsync(leases[0], Samples.Result(), None);
        await coordinator.CancelAsync(sweep, None);
        await coordinator.ReleaseAsync(leases[1], AttemptOutcome.Cancelled, None);
        foreach (Lease lease in leases)
        {
            var artifacts = new TrialArtifacts(_root.FullName, lease.Trial.Id);
            artifacts.WriteCheckpoint([1, 2, 3]);
            artifacts.WriteSnapshot(10, [4]);
            artifacts.WriteWeights([5]);
        }

        List<string> warnings = [];
        await new StaleCheckpoints(_root.FullName, (ISweepReader)coordinator, warnings.Add, TimeProvider.System).LookAsync(None);

        Assert.Equal([false, false, true], leases.Select(l => new TrialArtifacts(_root.FullName, l.Trial.Id).ReadCheckpoint() is not null));
        Assert.Equal([false, false, true], leases.Select(l => new TrialArtifacts(_root.FullName, l.Trial.Id).ReadSnapshot(10) is not null));
        Assert.All(leases, l => Assert.True(File.Exists(new TrialArtifacts(_root.FullName, l.Trial.Id).WeightsPath)));
        Assert.Empty(warnings);
        await new StaleCheckpoints(Path.Combine(_root.FullName, "none"), (ISweepReader)coordinator, warnings.Add, TimeProvider.System).LookAsync(None);
        Assert.Empty(warnings);
    }
}
