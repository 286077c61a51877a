using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class DeletedArtifactsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SqliteTestStore _store = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sweep-deleted-");
    private ICoordinator _coordinator = null!;

    public ValueTask InitializeAsync()
    {
        _coordinator = _store.Connect();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_WhenASweepWasDeletedWhileItWasAway_RemovesItsTrialsAndNoOthers()
    {
        string sweep = (await _coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(3), None)).SweepId;
        await _coordinator.DeleteAsync(sweep, None);
        string[] ids = [.. Enumerable.Range(0, 4).Select(i => Samples.Trial(i).Id)];
        foreach (string id in ids)
            await File.WriteAllTextAsync(Path.Combine(_folder.CreateSubdirectory(id).FullName, "weights.safetensors"), "x",
                TestContext.Current.CancellationToken);

        // The second still runs here: neither it nor what comes after it goes before it has ended.
        await using var deleted = new DeletedArtifacts(new SilentObserver(), (ISweepReader)_coordinator, _folder.FullName,
            TimeProvider.System) { Every = TimeSpan.FromMilliseconds(20) };
        string[] order = [.. (await ((ISweepReader)_coordinator).DeletedAsync(null, 9, None)).Select(d => d.Id)];
        var lease = new Lease { SweepId = sweep, Trial = Samples.Trial(Array.IndexOf(ids, order[1])), Attempt = 1, FencingToken = 1, Holder = 1,
            Expires = DateTimeOffset.UnixEpoch };
        var attempt = new AttemptProgress(lease, DateTimeOffset.UnixEpoch);
        deleted.Started(attempt);
        deleted.Start();
        await UntilAsync("the first is gone", () => !Directory.Exists(Path.Combine(_folder.FullName, order[0])));
        Assert.True(Directory.Exists(Path.Combine(_folder.FullName, order[1])));

        deleted.Ended(attempt, AttemptOutcome.Lost, null, null);
        await UntilAsync("the others are gone", () => order.All(id => !Directory.Exists(Path.Combine(_folder.FullName, id))));
        Assert.True(Directory.Exists(Path.Combine(_folder.FullName, ids[3])));
    }

    private static async Task UntilAsync(string what, Func<bool> holds)
    {
        for (int tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 1500, $"waited 30 s for: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private sealed class SilentObserver : ISiloObserver
    {
        public void Started(AttemptProgress attempt)
        {
        }

        public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
        {
        }

        public void Warning(string message)
        {
        }

        public void StoreUnreachable(string message, TimeSpan retryIn)
        {
        }
    }
}
