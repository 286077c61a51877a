using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class ClusterFaultTests
{
    /// <summary>"Message expired before placement could complete", where one silo was killed and another cut off 8 s later, ended the third.</summary>
    [Fact]
    public async Task AskAsync_WhenOrleansCancelsTheCall_IsAStoreThatMayBeAskedAgain()
    {
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => ClusterLeases.AskAsync<int>(
            () => throw new OperationCanceledException("Message expired before placement could complete"), CancellationToken.None));
        Assert.True(e.IsBrief);
        Assert.False(e.IsLasting);
        Assert.Contains("Message expired", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_WhenItsCallerCancels_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        Task<int> asked = ClusterLeases.AskAsync(() => new TaskCompletionSource<int>().Task, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task AskAsync_WhenTheCallHasADefect_ThrowsIt() =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ClusterLeases.AskAsync<int>(() => throw new InvalidOperationException("x"), CancellationToken.None));
}
