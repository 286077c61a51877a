using Microsoft.Extensions.Time.Testing;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250), Longest = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly List<TimeSpan> _waits = [];

    [Fact]
    public async Task RunAsync_WhenTheFailurePasses_CallsUntilItSucceedsAfterLongerWaitsUpToTheLongest()
    {
        int calls = 0;
        Task<int> run = new Backoff(_time, First, Longest).RunAsync(
            _ => ++calls <= 40 ? throw new StoreException("away") : Task.FromResult(calls), IsPassing, Wait, CancellationToken.None);
        for (int i = 0; i < 40; i++)
        {
            Assert.False(run.IsCompleted);
            _time.Advance(Longest);
        }

        Assert.Equal(41, await run);
        Assert.Equal(40, _waits.Count);
        Assert.All(_waits, w => Assert.InRange(w, TimeSpan.Zero, Longest));
        Assert.True(_waits[0] <= First * 4, $"{_waits[0]}");
        Assert.True(_waits.TakeLast(30).All(w => w > Longest / 2), string.Join(' ', _waits));
        Assert.True(_waits.Take(8).Distinct().Count() > 4, "waits without jitter");
    }

    [Fact]
    public async Task RunAsync_WhenTheFailureIsBrief_WaitsNoLongerThanAfterSuchOnes()
    {
        int calls = 0;
        Task<int> run = new Backoff(_time, First, Longest) { Brief = TimeSpan.FromSeconds(1) }.RunAsync(
            _ => ++calls <= 20 ? throw new StoreException("joining") { IsBrief = true } : Task.FromResult(calls), IsPassing, Wait, CancellationToken.None);
        for (int i = 0; i < 20; i++)
            _time.Advance(Longest);
        Assert.Equal(21, await run);
        Assert.All(_waits.Skip(3), w => Assert.InRange(w, TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(1.25)));
    }

    [Fact]
    public async Task RunAsync_WhenTheFailureDoesNotPass_ThrowsItAtOnce()
    {
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new Backoff(_time, First, Longest).RunAsync<int>(_ => throw new InvalidOperationException("ours"), IsPassing, Wait, CancellationToken.None));
        Assert.Equal("ours", failure.Message);
        Assert.Empty(_waits);
    }

    [Fact]
    public async Task RunAsync_WhenCancelledWhileItWaits_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        Task<int> run = new Backoff(_time, First, Longest).RunAsync<int>(_ => throw new StoreException("away"), IsPassing, Wait, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Single(_waits);
    }

    [Fact]
    public async Task RunAsync_WhenCancelledWhileAFailingCallRuns_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Backoff(_time, First, Longest).RunAsync<int>(
            _ =>
            {
                cancel.Cancel();
                throw new StoreException("away");
            },
            IsPassing, Wait, cancel.Token));
    }

    private static bool IsPassing(Exception failure) => failure is StoreException;

    private void Wait(Exception failure, TimeSpan wait) => _waits.Add(wait);
}
