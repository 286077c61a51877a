using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Sweep.Grains.Coordination;
using Sweep.Silo.Telemetry;
using Sweep.Tests.Client.Dashboard;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo.Telemetry;

public sealed class QuarantineWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SqliteTestStore _store = new();
    private readonly Instruments _instruments = new();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _instruments.Dispose();
    }

    [Fact]
    public async Task Gauge_WhileTheSiloIsQuarantined_IsOne()
    {
        using MeasurementRecorder measured = new(_instruments);
        ICoordinator coordinator = _store.Connect();
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(20), TestContext.Current.CancellationToken);

        await coordinator.LeaseAsync(new LeaseRequest("good", 0), TestContext.Current.CancellationToken);
        await using (var before = new QuarantineWatch((ISweepReader)coordinator, "bad", _instruments, TimeProvider.System))
            Assert.Equal(0, measured.Observe("sweep.silo.quarantined"));

        // What fails here succeeds there.
        for (int i = 0; i < 5; i++)
        {
            await coordinator.FailAsync(
                Assert.Single(await coordinator.LeaseAsync(new LeaseRequest("bad", 1), TestContext.Current.CancellationToken)),
                new AttemptFailure(AttemptOutcome.Failed, "no disk"),
                TestContext.Current.CancellationToken);
        }

        Lease good = Assert.Single(await coordinator.LeaseAsync(new LeaseRequest("good", 1), TestContext.Current.CancellationToken));
        await coordinator.CompleteAsync(good, Samples.Result(), TestContext.Current.CancellationToken);

        using Instruments fresh = new();
        using MeasurementRecorder after = new(fresh);
        await using var watch = new QuarantineWatch((ISweepReader)coordinator, "bad", fresh, TimeProvider.System);
        long began = Stopwatch.GetTimestamp();
        while (after.Observe("sweep.silo.quarantined") is not 1)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "the quarantine was not seen");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Those of a client that timed out too, which look like being stopped.</summary>
    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(StoreException))]
    public async Task Watch_WhateverTheStoreThrows_AsksAgain(Type fault)
    {
        var clock = new FakeTimeProvider();
        int asked = 0;
        ISweepReader reader = FaultyStore.Of(
            (ISweepReader)_store.Connect(),
            () => ++asked > 0 ? nameof(ISweepReader.SilosAsync) : null,
            name => (Exception)Activator.CreateInstance(fault, name)!);

        await using var watch = new QuarantineWatch(reader, "a", _instruments, clock);

        for (int turn = 1; turn <= 3; turn++)
        {
            long began = Stopwatch.GetTimestamp();
            while (asked < turn)
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"it asked {asked} times, not {turn}");
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            clock.Advance(TimeSpan.FromSeconds(30));
        }
    }
}
