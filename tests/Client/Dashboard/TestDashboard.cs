using Sweep.Tests.Grains.Storage;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sweep.Client.Dashboard;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Orleans;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>A dashboard on a free port of this machine, over a store of its own that holds one sweep: 12 trials, 2 seeds, nothing done yet.</summary>
internal sealed class TestDashboard : IAsyncDisposable
{
    public const string Token = "an-operators-token-for-tests", ReaderToken = "a-readers-token-for-tests";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Scratch _scratch;
    private readonly StringWriter _log;

    private readonly ISweepGrain _grain;

    private TestDashboard(Scratch scratch, RunStore store, RunDirectory? run, SweepSpec spec, StringWriter log, OrleansCluster? cluster, string? schema)
    {
        (_scratch, Store, Run, Spec, _log) = (scratch, store, run, spec, log);
        string key = schema ?? EmbeddedSilo.Add(store.Sweeps);
        OrleansCoordinator served = cluster?.Serve(key, store.Cluster)
            ?? new OrleansCoordinator(() => EmbeddedSilo.Grains, key, store.Sweeps, TimeProvider.System);
        served.Follow();
        Coordinator = served;
        _grain = (cluster?.Grains(0) ?? EmbeddedSilo.Grains).GetGrain<ISweepGrain>(GrainKeys.Sweep(key, spec.Id));
    }

    public RunStore Store { get; }

    /// <summary>Who gives trials, for what a silo would do.</summary>
    public OrleansCoordinator Coordinator { get; }

    public RunDirectory? Run { get; }

    public SweepSpec Spec { get; }

    public HttpClient Client { get; private set; } = null!;

    public DashboardServer Server { get; private set; } = null!;

    /// <summary>A method of the store's reader or statistics that throws an unexpected exception when the server calls it.</summary>
    public string? Broken { get; set; }

    /// <summary>What the server said on standard error.</summary>
    public string Log => _log.ToString();

    public string SweepUrl => $"api/sweeps/{Spec.Id}";

    /// <param name="postgres">A cluster's store; null for a run's folder.</param>
    /// <param name="cluster">Who serves it.</param>
    /// <param name="configure">Changes the options, which are those of <c>sweep serve</c>; without a token in them, of <c>sweep serve --no-token</c>.</param>
    public static async Task<TestDashboard> StartAsync(
        PostgresUrl? postgres = null, OrleansCluster? cluster = null, Func<DashboardOptions, DashboardOptions>? configure = null, string name = "tiny")
    {
        var scratch = new Scratch();
        RunDirectory? run = postgres is null ? RunDirectory.For("run", Path.Combine(scratch.Path, "run")) : null;
        RunStore store = postgres is null
            ? RunStore.Open(run!, TimeProvider.System, create: true)
            : await RunStore.OpenAsync(postgres, TimeProvider.System, StoreOpening.Create, None);
        SweepSpec spec = ReadSpec(scratch, name);
        await store.Operations.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, 1)), None);
        var options = new DashboardOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var log = new StringWriter();
        var dashboard = new TestDashboard(scratch, store, run, spec, log, cluster, postgres?.Schema);
        var view = new StoreView(
            postgres is null ? dashboard.Coordinator : store.Operations, FaultyStore.Of(store.Reader, () => dashboard.Broken),
            FaultyStore.Of(store.Statistics, () => dashboard.Broken), store.Shown, run);
        dashboard.Serve(await DashboardServer.StartAsync(view, OpenUnlessKeyed(configure?.Invoke(options) ?? options), log, TimeProvider.System, None));
        return dashboard;
    }

    /// <summary>Most tests are not about who gets in.</summary>
    public static DashboardOptions OpenUnlessKeyed(DashboardOptions options) =>
        options is { Token: null, ReaderToken: null, Oidc: null } ? options with { IsOpen = true } : options;

    /// <summary>In spec order, which the grains leave to spare fits: the sweep's grain is asked for these very trials.</summary>
    public async Task<IReadOnlyList<Lease>> LeaseAsync(int most, string silo = "a")
    {
        await Coordinator.LeaseAsync(new LeaseRequest(silo, 0), None);
        IReadOnlyList<TrialSummary> next = await Store.Reader.TrialsAsync(Spec.Id, TrialStatus.Queued, 0, most, None);
        long number = await Store.Sweeps.Store.WriteAsync(durable: false, async work => (await Silos.FindAsync(work, silo, 0)).Silo, None);
        WireLease[] leases = await _grain.TakeAsync(
            new WireTake { Silo = number, MaxTrials = most, FailedSince = long.MaxValue, Trials = [.. next.Select(t => t.Trial.Id)] });
        return [.. leases.Select(l => l.ToLease())];
    }

    /// <summary>Completes queued trials, the n-th with a log-likelihood of -n.</summary>
    public async Task CompleteAsync(int count)
    {
        foreach (Lease lease in await LeaseAsync(count))
        {
            int number = TrialExpansion.Expand(Spec).ToList().FindIndex(t => t.Id == lease.Trial.Id);
            await Coordinator.CompleteAsync(lease, Result(-number), None);
        }
    }

    /// <summary>Fails a queued trial until it is failed for good.</summary>
    public async Task FailAsync(string message)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            Lease lease = (await LeaseAsync(1))[0];
            await Coordinator.FailAsync(lease, new AttemptFailure(AttemptOutcome.Failed, $"{message} at step {attempt}"), None);
        }
    }

    public static TrialResult Result(double value) => new()
    {
        Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = new(value, 1),
            ["energy_distance"] = new(0.5, 0.25),
            ["steps_to_threshold"] = new(null, null, "never"),
        },
        Curves = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["log_likelihood"] = [-5, float.NaN, (float)value] },
        Device = "cpu",
        Notes = ["FastICA did not converge"],
    };

    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        string text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {response.StatusCode}: {text}");
    }

    /// <summary>What the page does: with the session's CSRF token.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, object? body = null, string? csrf = null)
    {
        csrf ??= (await GetAsync("api/session"))["csrf"]!.GetValue<string>();
        return await SendAsync(HttpMethod.Post, path, body, ("X-Sweep-Csrf", csrf));
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        foreach ((string name, string value) in headers)
        {
            if (name == "Host")
                request.Headers.Host = value;
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Store.DisposeAsync();
        _scratch.Dispose();
    }

    private void Serve(DashboardServer server)
    {
        Server = server;
        Client = new HttpClient { BaseAddress = new Uri(server.Url) };
    }

    private static SweepSpec ReadSpec(Scratch scratch, string name)
    {
        string path = scratch.Write("spec.yaml", $$"""
            sweep: "{{name}}"
            seeds: [3, 5]
            axes:
              dataset: [{kind: gmm-ring, name: ring8}]
              preprocessing: [standardize, gaussianize]
              schedule: vp-cosine
              width: [8, 16, 32]
            training: {steps: 200, batch: 64, points: 500}
            sampling: {steps: 2, samples: 256}
            """);
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        return reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
    }
}
