using System.Collections.Concurrent;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Devices;
using Sweep.Tests.Client;
using Sweep.Tests.Diffusion.Training.Cuda;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo.Devices;

/// <summary>A silo whose trials train packed, on the host's build of the GPU's kernels.</summary>
public sealed class PackedSiloTests : IAsyncDisposable
{
    private static readonly TrialSpec[] Trials = [.. TrialExpansion.Expand(SpecReader.ReadText(
        "sweep: s\nseeds: 3\naxes:\n  dataset: [gmm-ring, gmm-grid]\n  width: [8, 20]\n  sampling.steps: [25, 30]\nnetwork: {hidden_layers: 1}\n"
        + "training: {steps: 100, batch: 32, points: 300}\nsampling: {samples: 64}\n",
        "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default).Spec!)];

    private readonly SqliteTestStore _store = new();

    public PackedSiloTests() => HostBackend.Require();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task RunAsync_OnADevice_TrainsTrialsTogetherAndEachAsAlone()
    {
        using Scratch scratch = new(), alone = new();
        using HostBackend backend = new();
        using SiloDevices devices = new([Device("gpu:0", backend)], slots: 24);
        SiloOptions options = new() { Id = "test", Slots = devices.Slots, ArtifactsDirectory = scratch.Path, StopWhenIdle = true };
        ConcurrentDictionary<string, TrialResult> results = await RunAsync(devices, options);

        Assert.Equal(Trials.Length, results.Count);
        Assert.All(results.Values, r => Assert.Equal("host", r.Device));

        // Twenty-five or thirty steps a trial in one launch; no evaluation by itself.
        Assert.Equal(Trials.Length, backend.Kernels.Where(k => k.Key.StartsWith("sample_", StringComparison.Ordinal)).Sum(k => k.Value));
        Assert.DoesNotContain(backend.Kernels.Keys, k => k.StartsWith("forward_", StringComparison.Ordinal));

        // Twelve networks for twenty-four trials, of two shapes.
        Assert.InRange(backend.MaxTrials, 2, 6);
        foreach (TrialSpec trial in (TrialSpec[])[Trials[0], Trials[^1]])
        {
            var lease = new Lease { SweepId = "0123456789abcdef", Trial = trial, Attempt = 1, FencingToken = 1, Expires = DateTimeOffset.MaxValue };
            TrialResult expected = new TrialRunner(options with { ArtifactsDirectory = alone.Path }, TimeProvider.System, device: devices.All[0])
                .Run(new AttemptProgress(lease, DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);
            Assert.All(expected.Curves, c => Assert.Equal(c.Value, results[trial.Id].Curves[c.Key]));
        }
    }

    /// <summary>One lease loop per device: each leases for itself under a name of its own, and what trials share is made once for both.</summary>
    [Fact]
    public async Task RunAsync_OnTwoDevices_LeasesForEachAndSharesTheNetworks()
    {
        using Scratch scratch = new();
        using HostBackend first = new(), second = new();
        using SiloDevices devices = new([Device("gpu:0", first), Device("gpu:1", second)], slots: 6);
        SiloOptions options = new() { Id = "test", Slots = devices.Slots, ArtifactsDirectory = scratch.Path, StopWhenIdle = true };

        ConcurrentDictionary<string, TrialResult> results = await RunAsync(devices, options);

        Assert.Equal(Trials.Length, results.Count);
        Assert.True(first.Launches > 0 && second.Launches > 0, "a device had nothing to do");
        IReadOnlyList<SiloSummary> silos = await ((ISweepReader)_store.Connect()).SilosAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [("test/gpu:0", devices.All[0].Name, 6), ("test/gpu:1", devices.All[1].Name, 6)],
            silos.Select(s => (s.Id, s.Devices, s.Slots ?? 0)).OrderBy(s => s.Id, StringComparer.Ordinal));
        Assert.All(silos, s => Assert.Equal(TrialNeeds.Offers, s.Offers));
    }

    [Fact]
    public async Task RunAsync_WhenOneDevicesLoopBreaks_StopsTheOthersAndThrows()
    {
        using Scratch scratch = new();
        using HostBackend sound = new(), broken = new() { BeforeLaunch = () => throw new InvalidOperationException("a defect") };
        using SiloDevices devices = new([Device("gpu:0", sound), Device("gpu:1", broken)], slots: 6);
        SiloOptions options = new() { Id = "test", Slots = devices.Slots, ArtifactsDirectory = scratch.Path, StopWhenIdle = true };

        var e = await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(devices, options));

        Assert.Contains("a defect", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_OfAGateOfOneCore_LetsOthersInMeanwhile()
    {
        var gate = new CoreGate(1);
        using CoreGate.Pass first = gate.Enter(CancellationToken.None);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.ThrowsAny<OperationCanceledException>(() => gate.Enter(impatient.Token));
        Assert.Equal(5, first.Outside(
            () =>
            {
                gate.Enter(CancellationToken.None).Dispose();
                return 5;
            },
            CancellationToken.None));
        using var again = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.ThrowsAny<OperationCanceledException>(() => gate.Enter(again.Token));
    }

    private static SiloDevice Device(string id, HostBackend backend) =>
        CudaKind.Device(id, new PackingTrainer(backend, new PackedOptions { FirstSteps = 10, MaxSteps = 10 }, TimeProvider.System), "a test's");

    private async Task<ConcurrentDictionary<string, TrialResult>> RunAsync(SiloDevices devices, SiloOptions options)
    {
        var results = new ConcurrentDictionary<string, TrialResult>(StringComparer.Ordinal);
        ICoordinator coordinator = _store.Connect();
        await coordinator.SubmitAsync(Samples.Sweep("silo"), [.. Trials.Select(t => new PlannedTrial(t, 1))], TestContext.Current.CancellationToken);
        await new SiloCrew(coordinator, options, devices, new Results(results), files: null, TimeProvider.System)
            .RunAsync(TestContext.Current.CancellationToken);
        return results;
    }

    private sealed class Results(ConcurrentDictionary<string, TrialResult> results) : ISiloObserver
    {
        public void Started(AttemptProgress attempt)
        {
        }

        public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result) =>
            results[attempt.Lease.Trial.Id] = result ?? throw new InvalidOperationException($"{outcome}: {message}");

        public void Warning(string message) => throw new InvalidOperationException(message);

        public void StoreUnreachable(string message, TimeSpan retryIn) => throw new InvalidOperationException(message);
    }
}
