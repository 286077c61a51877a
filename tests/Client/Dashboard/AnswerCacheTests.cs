using System.Text;
using Sweep.Client.Dashboard.Api;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class AnswerCacheTests
{
    private readonly SteppedTime _time = new();
    private int _made;

    [Fact]
    public async Task Get_WhenManyAskAtOnce_MakesOne()
    {
        var cache = new AnswerCache(_time);
        var gate = new TaskCompletionSource();
        Task<Answer>[] asked = [.. Enumerable.Range(0, 20).Select(_ => cache.GetAsync("k", "1", async () =>
        {
            await gate.Task;
            return Make();
        }, CancellationToken.None))];
        gate.SetResult();
        Answer[] answers = await Task.WhenAll(asked);
        Assert.Equal(1, _made);
        Assert.Single(answers.Select(a => a.Tag).Distinct());
    }

    [Fact]
    public async Task Get_WhenItChanges_MakesItAnewButNotAtOnce()
    {
        var cache = new AnswerCache(_time);
        Task<byte[]> MakeIn(int seconds)
        {
            _time.Step(TimeSpan.FromSeconds(seconds));
            return Task.FromResult(Make());
        }

        string first = (await cache.GetAsync("k", "1", () => MakeIn(2), CancellationToken.None)).Tag;
        Assert.Equal(first, (await cache.GetAsync("k", "2", () => MakeIn(2), CancellationToken.None)).Tag);
        _time.Step(TimeSpan.FromSeconds(9));
        Assert.Equal(first, (await cache.GetAsync("k", "3", () => MakeIn(2), CancellationToken.None)).Tag);
        _time.Step(TimeSpan.FromSeconds(2));
        Assert.NotEqual(first, (await cache.GetAsync("k", "3", () => MakeIn(2), CancellationToken.None)).Tag);
        _time.Step(TimeSpan.FromHours(1));
        await cache.GetAsync("k", "3", () => MakeIn(2), CancellationToken.None);
        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Get_WhenMakingFails_IsTriedAgain()
    {
        var cache = new AnswerCache(_time);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            cache.GetAsync("k", "1", () => throw new InvalidOperationException("no"), CancellationToken.None));
        await cache.GetAsync("k", "1", () => Task.FromResult(Make()), CancellationToken.None);
        Assert.Equal(1, _made);
    }

    private byte[] Make() => Encoding.UTF8.GetBytes($"answer {++_made}");

    private sealed class SteppedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public void Step(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);
    }
}
