using Sweep.Grains.Orleans;
using Sweep.Tests.Grains.Storage;
using System.Net;
using Sweep.Client.Cluster;
using Sweep.Client.Dashboard;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>A dashboard to look at in a browser, over a run's folder or a cluster's store. It can go away and come back at the same address.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    public const int Steps = 20;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Scratch _scratch;
    private readonly RunStore _store;
    private readonly RunDirectory? _run;
    private readonly Func<DashboardOptions, DashboardOptions> _configure;
    private readonly OrleansCoordinator? _served;
    private LiveSource? _live;
    private DashboardServer? _server;
    private int _port;

    private PageHost(Scratch scratch, RunStore store, RunDirectory? run, Func<DashboardOptions, DashboardOptions>? configure) =>
        (_scratch, _store, _run, _configure, _served) = (scratch, store, run, configure ?? (o => o), run is null ? null : EmbeddedSilo.Serve(store.Sweeps));

    public string Url { get; private set; } = "";

    /// <summary>With the token, if the server made one.</summary>
    public string Link { get; private set; } = "";

    /// <summary>Of a run's folder; a cluster's trials are given by its grains.</summary>
    public ICoordinator Coordinator => _served!;

    public ISweepOperations Operations => (ISweepOperations?)_served ?? _store.Operations;

    public static async Task<PageHost> StartAsync(Func<DashboardOptions, DashboardOptions>? configure = null)
    {
        var scratch = new Scratch();
        RunDirectory run = RunDirectory.For("run", Path.Combine(scratch.Path, "run"));
        var host = new PageHost(scratch, RunStore.Open(run, TimeProvider.System, create: true), run, configure);
        await host.ServeAsync();
        return host;
    }

    public static async Task<PageHost> StartAsync(PostgresUrl url)
    {
        var host = new PageHost(new Scratch(), await RunStore.OpenAsync(url, TimeProvider.System, StoreOpening.Create, None), null, null)
        {
            _live = new LiveSource(url, TimeProvider.System),
        };
        await host.ServeAsync();
        return host;
    }

    public async Task ServeAsync()
    {
        DashboardOptions options = TestDashboard.OpenUnlessKeyed(_configure(new DashboardOptions { Listen = new IPEndPoint(IPAddress.Loopback, _port) }));
        var view = new StoreView(Operations, _store.Reader, _store.Statistics, _store.Shown, _run) { Live = _live };
        _server = await DashboardServer.StartAsync(view, options, TextWriter.Null, TimeProvider.System, None);
        Link = _server.Link;
        Url = _server.Url;
        _port = new Uri(Url).Port;
    }

    /// <summary>The server is gone, its store stays.</summary>
    public async Task GoAwayAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    /// <summary>A trial's folder of artifacts in the run's folder.</summary>
    public string ArtifactsOf(string trialId) => Path.Combine(_run!.Artifacts, trialId);

    /// <summary>Submits a spec.</summary>
    public async Task<SweepSpec> SubmitSpecAsync(string yaml)
    {
        SpecReading reading = SpecReader.Read(_scratch.Write("own.yaml", yaml), SpecCatalogue.Default);
        SweepSpec spec = reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
        await Operations.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, 1)), None);
        return spec;
    }

    /// <summary>Submits 24 trials: two preprocessings, four widths, three seeds.</summary>
    public async Task<SweepSpec> SubmitAsync(string name = "tiny")
    {
        string path = _scratch.Write("spec.yaml", $$"""
            sweep: '{{name}}'
            seeds: 3
            axes:
              dataset: [{kind: gmm-ring, name: ring8}]
              preprocessing: [standardize, gaussianize]
              schedule: vp-cosine
              width: [8, 16, 32, 64]
            training: {steps: 200, batch: 64, points: 500}
            sampling: {steps: {{Steps}}, samples: 256}
            expect:
              - {claim: 'Gaussianization ends nearer to the truth level', compare: {preprocessing: [standardize, gaussianize]},
                 metric: log_likelihood_gap, is: 'b < a'}
            """);
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        SweepSpec spec = reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
        await Operations.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, 1)), None);
        return spec;
    }

    /// <summary>Completes queued trials on a silo; gaussianized ones do better, wide ones too.</summary>
    public async Task CompleteAsync(int count, string silo = "node-a/gpu0")
    {
        foreach (Lease lease in await Coordinator.LeaseAsync(new LeaseRequest(silo, count), None))
            await Coordinator.CompleteAsync(lease, Result(lease.Trial), None);
    }

    /// <summary>Fails the next queued trial until it is failed for good, each time on another silo, as a cluster would.</summary>
    public async Task FailAsync(string message)
    {
        foreach (string silo in new[] { "node-b/cpu", "node-c/cpu", "<b>silo</b>" })
        {
            foreach (Lease lease in await Coordinator.LeaseAsync(new LeaseRequest(silo, 1), None))
                await Coordinator.FailAsync(lease, new AttemptFailure(AttemptOutcome.Failed, message), None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_live is not null)
            await _live.DisposeAsync();
        await _store.DisposeAsync();
        _scratch.Dispose();
    }

    private static TrialResult Result(TrialSpec trial)
    {
        double width = trial.Axes["width"]!.GetValue<double>();
        bool better = trial.Axes["preprocessing"]!.ToJsonString().Contains("gaussianize", StringComparison.Ordinal);

        // Differences vary a little from seed to seed: without, a test has nothing to go by.
        double gap = better ? 0.1 + (4 / width) + (0.02 * trial.Seed) : 2 + (4 / width) - (0.01 * trial.Seed * trial.Seed);
        return new TrialResult
        {
            Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
            {
                ["log_likelihood"] = new(-2 - gap, -2),
                ["energy_distance"] = new(0.01 * gap, 0.001),
                ["steps_to_threshold"] = gap < 1 ? new(15, null) : new(null, null, "never"),
            },
            Curves = new Dictionary<string, float[]>(StringComparer.Ordinal)
            {
                ["log_likelihood"] = [.. Enumerable.Range(0, Steps + 1).Select(k => (float)(-2 - gap - (20.0 * (Steps - k) / Steps)))],
                ["training_loss"] = [1, 0.7f, 0.5f, 0.4f],
            },
            Device = "cpu",
            Notes = [],
        };
    }
}
