using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Silo;
using Sweep.Silo.Orleans;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class LiveProgressTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SqliteTestStore _store = new();
    private readonly FakeTimeProvider _clock = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>The loop would end for good, and every curve with it, until the silo is started again.</summary>
    [Theory]
    [InlineData(typeof(InvalidOperationException), 1)]
    [InlineData(typeof(TaskCanceledException), 1)]
    [InlineData(typeof(StoreException), 0)]
    public async Task Telling_WhateverAGrainThrows_SaysItOnceAndGoesOn(Type fault, int warnings)
    {
        ICoordinator coordinator = _store.Connect();
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), TestContext.Current.CancellationToken);
        Lease lease = Assert.Single(await coordinator.LeaseAsync(new LeaseRequest("a", 1), TestContext.Current.CancellationToken));
        var observer = new Heard();
        int asked = 0;
        var told = new TaskCompletionSource();
        await using var live = new LiveProgress(
            observer,
            () => ++asked <= 3 ? throw (Exception)Activator.CreateInstance(fault, "broken")! : Grains.Telling(() => told.TrySetResult()),
            "key",
            "a",
            _clock);
        var attempt = new AttemptProgress(lease, _clock.GetUtcNow());
        live.Started(attempt);
        live.Start();

        for (int turn = 1; turn <= 4; turn++)
        {
            attempt.Report(AttemptPhase.Train, turn / 10.0);
            _clock.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => asked >= turn, $"turn {turn}");
        }

        await told.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(warnings, observer.Warnings.Count);
        Assert.All(observer.Warnings, w => Assert.StartsWith($"live progress: unexpected {fault.Name}: broken", w, StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<bool> done, string what)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!done())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"waited for {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Heard : ISiloObserver
    {
        public List<string> Warnings { get; } = [];

        public void Started(AttemptProgress attempt)
        {
        }

        public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
        {
        }

        public void Warning(string message) => Warnings.Add(message);

        public void StoreUnreachable(string message, TimeSpan retryIn)
        {
        }
    }

    /// <summary>A cluster of one grain, which says that it was told.</summary>
    public class Grains : DispatchProxy
    {
        private Action _told = null!;

        public static IGrainFactory Telling(Action told)
        {
            IGrainFactory factory = Create<IGrainFactory, Grains>();
            ((Grains)(object)factory)._told = told;
            return factory;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(ITrialGrain.ProgressAsync))
            {
                _told();
                return Task.CompletedTask;
            }

            object grain = Create<ITrialGrain, Grains>();
            ((Grains)grain)._told = _told;
            return grain;
        }
    }
}
