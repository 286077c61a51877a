using Sweep.Grains.Storage.Sqlite;
using Xunit;

namespace Sweep.Tests.Client.Chaos;

/// <summary>What the sweep gives when nothing happens to it: <c>sweep run</c>, once for all tests.</summary>
public sealed class UndisturbedRun : IAsyncLifetime
{
    /// <summary>By trial id; see <see cref="ResultBits"/>.</summary>
    internal SortedDictionary<string, string> Results { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        using var scratch = new Scratch();
        scratch.Write("many.yaml", ChaosSpec.Many);
        SweepOutcome run = await SweepProcess.RunAsync(scratch.Path, "run", "many.yaml", "--out", "embedded");
        Assert.True(run.ExitCode == 0, run.Error);
        await using SqliteSweeps store = SqliteSweeps.Open(Path.Combine(scratch.Path, "embedded", "sweep.db"), TimeProvider.System, create: false);
        Results = await ResultBits.OfAsync(store, "many");
        Assert.Equal(ChaosSpec.ManyTrials, Results.Count);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
