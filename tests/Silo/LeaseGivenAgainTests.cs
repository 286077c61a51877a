using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Silo;

/// <summary>Whoever gives leases has forgotten one, and gives it to the same silo again.</summary>
public sealed class LeaseGivenAgainTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_WhenALeaseIsGivenAgain_RunsOneAttemptAndGivesBackWhatIsBeingStopped(bool stopping)
    {
        using var source = new Forgetful(stopping);
        var runner = new FakeRunner((_, _) =>
        {
            source.Begun.Set();
            Assert.True(source.Over.Wait(Limit, CancellationToken.None), "the lease wasn't given again");
            return Samples.Result();
        });
        var options = new SiloOptions
        {
            Id = "test/1", Slots = 2, ArtifactsDirectory = "unused", StopWhenIdle = true, HeartbeatEvery = TimeSpan.FromMilliseconds(20),
            PollEvery = TimeSpan.FromMilliseconds(20),
        };
        await new SiloWorker(source, runner, options, new RecordingObserver(), TimeProvider.System)
            .RunAsync(CancellationToken.None).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Single(runner.Ran);
        Assert.Equal(1, source.Completed);
        Assert.Equal(stopping ? [AttemptOutcome.Preempted] : [], source.Released);
    }

    private sealed class Forgetful(bool stopping) : IWorkSource, IDisposable
    {
        private readonly Lease _lease = new()
        {
            SweepId = "s", Trial = Samples.Trial(1), Attempt = 1, FencingToken = 1, Holder = 1, Expires = DateTimeOffset.MaxValue,
        };

        private int _given;
        private int _told;

        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim Over { get; } = new();

        public int Completed { get; private set; }

        public List<AttemptOutcome> Released { get; } = [];

        public void Dispose()
        {
            Begun.Dispose();
            Over.Dispose();
        }

        public Task<IReadOnlyList<Lease>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
        {
            bool again = _given == 1 && Begun.IsSet && (_told > 1 || !stopping);
            if (_given == 2 && (Released.Count > 0 || !stopping))
                Over.Set();
            IReadOnlyList<Lease> leases = _given == 0 || again ? [_lease] : [];
            _given += leases.Count;
            return Task.FromResult(leases);
        }

        public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken) => Task.FromResult(_given < 2);

        public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken) => Task.Delay(atMost, cancellationToken);

        public Task<IReadOnlyList<HeartbeatAnswer>> HeartbeatAsync(string silo, IReadOnlyList<LeaseProgress> progress, CancellationToken cancellationToken)
        {
            // The second comes when the answer to the first has been heeded.
            _told += progress.Count > 0 && Begun.IsSet ? 1 : 0;
            return Task.FromResult<IReadOnlyList<HeartbeatAnswer>>(
                [.. progress.Select(_ => stopping ? HeartbeatAnswer.Cancelled : HeartbeatAnswer.Renewed)]);
        }

        public Task<ReportAnswer> CompleteAsync(Lease lease, TrialResult result, CancellationToken cancellationToken)
        {
            Completed++;
            return Task.FromResult(ReportAnswer.Accepted);
        }

        public Task<ReportAnswer> FailAsync(Lease lease, AttemptFailure failure, CancellationToken cancellationToken) =>
            throw new InvalidOperationException(failure.Message);

        public Task<ReportAnswer> ReleaseAsync(Lease lease, AttemptOutcome cause, CancellationToken cancellationToken)
        {
            Released.Add(cause);
            return Task.FromResult(ReportAnswer.Accepted);
        }
    }
}
