using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo;

/// <summary>Short trials: a slot computes the next while a result waits for the disk, and no more than there are slots compute at a time.</summary>
public sealed class LeasesAheadTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly SqliteTestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void Count_WhileTheLatestAttemptsWereShort_IsOneForEachSlot()
    {
        var ahead = new LeasesAhead(3);
        for (int i = 0; i < 7; i++)
            ahead.Completed(TimeSpan.FromMilliseconds(20));
        Task rises = ahead.Rises!;
        Assert.Equal(0, ahead.Count);
        Assert.False(rises.IsCompleted);

        ahead.Completed(TimeSpan.FromMilliseconds(20));
        Assert.Equal(3, ahead.Count);
        Assert.True(rises.IsCompleted);
        Assert.Null(ahead.Rises);

        ahead.Completed(TimeSpan.FromSeconds(5));
        Assert.Equal(0, ahead.Count);
        Assert.False(ahead.Rises!.IsCompleted);
        for (int i = 0; i < 8; i++)
            ahead.Completed(TimeSpan.FromMilliseconds(20));
        Assert.Equal(3, ahead.Count);
    }

    [Fact]
    public async Task RunAsync_WhenTrialsAreShort_ComputesTheNextWhileAResultIsCommitted()
    {
        ICoordinator coordinator = _store.Connect();
        await coordinator.SubmitAsync(Samples.Sweep("short"), Samples.Trials(30), TestContext.Current.CancellationToken);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int ran = 0;
        var runner = new FakeRunner((_, _) =>
        {
            if (Interlocked.Increment(ref ran) == 12)
                next.SetResult();
            return Samples.Result();
        });

        // The eleventh result is committed when the twelfth trial has begun, which with one slot it would not otherwise.
        ICoordinator held = HeldReports.Around(coordinator, 11, next.Task);
        await WorkAsync(held, runner, slots: 1);

        Assert.Equal(30, runner.Ran.Count);
        Assert.Equal(30, (await ((ISweepReader)coordinator).FindAsync("short", TestContext.Current.CancellationToken))!.Completed);
    }

    [Fact]
    public async Task RunAsync_WhenTrialsAreShort_ComputesNoMoreAtATimeThanThereAreSlots()
    {
        ICoordinator coordinator = _store.Connect();
        await coordinator.SubmitAsync(Samples.Sweep("short"), Samples.Trials(60), TestContext.Current.CancellationToken);
        int now = 0, most = 0;
        var runner = new FakeRunner((_, _) =>
        {
            int computing = Interlocked.Increment(ref now);
            for (int before = most; computing > before; before = most)
                Interlocked.CompareExchange(ref most, computing, before);
            Thread.Yield();
            Interlocked.Decrement(ref now);
            return Samples.Result();
        });

        await WorkAsync(coordinator, runner, slots: 3);

        Assert.Equal(60, runner.Ran.Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(most, 1, 3);
    }

    private static async Task WorkAsync(ICoordinator coordinator, FakeRunner runner, int slots)
    {
        var options = new SiloOptions { Id = "test/1", Slots = slots, ArtifactsDirectory = "unused", StopWhenIdle = true };
        await new SiloWorker(coordinator, runner, options, new RecordingObserver(), TimeProvider.System)
            .RunAsync(CancellationToken.None).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    /// <summary>A coordinator of which one report waits for something.</summary>
    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
    internal class HeldReports : DispatchProxy
    {
        private ICoordinator _inner = null!;
        private int _number;
        private Task _until = Task.CompletedTask;
        private int _reports;

        public static ICoordinator Around(ICoordinator inner, int number, Task until)
        {
            ICoordinator proxy = Create<ICoordinator, HeldReports>();
            var held = (HeldReports)(object)proxy;
            (held._inner, held._number, held._until) = (inner, number, until);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(ICoordinator.CompleteAndLeaseAsync) && Interlocked.Increment(ref _reports) == _number
                ? HoldAsync(() => (Task<CompletedAndLeased>)targetMethod.Invoke(_inner, args)!)
                : targetMethod.Invoke(_inner, args);

        private async Task<CompletedAndLeased> HoldAsync(Func<Task<CompletedAndLeased>> call)
        {
            await _until;
            return await call();
        }
    }
}
