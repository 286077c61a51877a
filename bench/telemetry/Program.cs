using System.Diagnostics;
using System.Globalization;
using System.Net;
using Sweep.Bench.Cpu;
using Sweep.Bench.Telemetry;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Telemetry;
using Sweep.Silo.Telemetry.Prometheus;

// dotnet run -c Release --project bench/telemetry -- [--pairs=60] [--steps=4000]: what a width-16 trial costs more when everything is exported.
//
// Each trial runs twice in turn, on one thread of one process: once with instruments that OTLP (traces, metrics, logs) and Prometheus read, once with
// instruments that nobody does. Three parts: what the trial's own thread spends more, the median of the paired ratios of its processor time; what the
// exporters' threads spend on each trial (spans, log records); and what they spend as time goes by (a scrape each second, metrics by OTLP every five), which is
// measured while nothing runs, and is a share of the one core that a trial takes for as long as it runs.
if (args is [Collector.Argument])
{
    await Collector.RunAsync();
    return;
}

const int WarmUp = 8;
int Option(string name, int or) =>
    args.Where(a => a.StartsWith(name, StringComparison.Ordinal)).Select(a => int.Parse(a[name.Length..], CultureInfo.InvariantCulture)).FirstOrDefault(or);
var clock = new ThreadClock();
int pairs = Option("--pairs=", 60), steps = Option("--steps=", 4000);
await using Collector collector = await Collector.StartAsync();
Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url);
Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
Environment.SetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL", "5000");

DirectoryInfo folder = Directory.CreateTempSubdirectory("sweep-bench-telemetry-");
TrialSpec[] trials = [.. TrialExpansion.Expand(SpecReader.ReadText(
    $"sweep: s\nseeds: {pairs}\naxes: {{dataset: gmm-ring, width: 16}}\nnetwork: {{hidden_layers: 2}}\ntraining: {{steps: {steps}, batch: 256}}\nsampling: "
        + $"{{sampler: ddpm, steps: 100, samples: 4096}}\n",
    "spec.yaml", folder.FullName, SpecCatalogue.Default).Spec!)];
try
{
    using Instruments seen = new(), unseen = new("Sweep.Unseen");
    var options = new SiloOptions { Id = "bench", Slots = 1, ArtifactsDirectory = folder.FullName };
    var plainly = new TelemetryObserver(new Quiet(), unseen, options, TimeProvider.System);

    // Compiles everything.
    for (int i = 0; i < WarmUp; i++)
        Run(unseen, plainly, trials[i % pairs]);

    using var prometheus = new PrometheusExporter(seen.Meter);
    await using MetricsEndpoint endpoint = await MetricsEndpoint.StartAsync(prometheus, new IPEndPoint(IPAddress.Loopback, 0), CancellationToken.None);
    OtlpExport otlp = OtlpExport.FromEnvironment("bench")!;
    collector.Scrape(endpoint.Url);
    var logged = new TelemetryObserver(new LogObserver(new Quiet(), otlp.Logger!), seen, options, TimeProvider.System);
    for (int i = 0; i < WarmUp / 2; i++)
        Run(seen, logged, trials[i % pairs]);

    // As time goes by, once the first scrapes and exports have been compiled.
    Thread.CurrentThread.Join(TimeSpan.FromSeconds(8));
    long idle = Stopwatch.GetTimestamp();
    (double others, double own) = Others();
    Thread.CurrentThread.Join(TimeSpan.FromSeconds(20));
    (double othersThen, double ownThen) = Others();
    double periodic = (othersThen - others) / Stopwatch.GetElapsedTime(idle).TotalSeconds;

    double[] ratios = new double[pairs], walls = new double[pairs];
    double exported = 0, plain = 0;
    long start = Stopwatch.GetTimestamp();
    (others, own) = Others();
    for (int i = 0; i < pairs; i++)
    {
        bool first = i % 2 == 0;
        (double a, double wallA) = first ? Run(seen, logged, trials[i]) : Run(unseen, plainly, trials[i]);
        (double b, double wallB) = first ? Run(unseen, plainly, trials[i]) : Run(seen, logged, trials[i]);
        (double on, double off) = first ? (a, b) : (b, a);
        (exported, plain) = (exported + on, plain + off);
        ratios[i] = on / off;
        walls[i] = first ? wallA / wallB : wallB / wallA;
    }

    otlp.Dispose();
    (othersThen, ownThen) = Others();
    double perTrial = Math.Max(0, othersThen - others - (periodic * Stopwatch.GetElapsedTime(start).TotalSeconds)) / exported;
    double exporters = perTrial + periodic;
    Array.Sort(ratios);
    Array.Sort(walls);

    // Ranks of a 95 % interval of the median (binomial).
    int reach = (int)Math.Ceiling(0.98 * Math.Sqrt(pairs));
    (int low, int high) = (Math.Max(0, (pairs / 2) - reach), Math.Min(pairs - 1, (pairs / 2) + reach));
    double Percent(double ratio) => 100 * (ratio - 1);
    Console.WriteLine(await collector.EndAsync());
    Console.WriteLine($"{pairs} pairs of trials of width 16, {plain / pairs * 1000:0} ms of processor time each; {Environment.ProcessorCount} cores");
    Console.WriteLine(
        $"the trial's thread:       {Percent(ratios[pairs / 2]),6:+0.00;-0.00} % [{Percent(ratios[low]):+0.00;-0.00}, {Percent(ratios[high]):+0.00;-0.00}] of "
        + $"its processor time (median of paired ratios, 95 %)");
    Console.WriteLine($"exporters, each trial:    {100 * perTrial,6:+0.00;-0.00} %");
    Console.WriteLine($"exporters, as time goes:  {100 * periodic,6:+0.00;-0.00} % of a core");
    Console.WriteLine(
        $"together:                 {Percent(ratios[pairs / 2]) + (100 * exporters),6:+0.00;-0.00} % [{Percent(ratios[low]) + (100 * exporters):+0.00;-0.00}, "
        + $"{Percent(ratios[high]) + (100 * exporters):+0.00;-0.00}]");
    Console.WriteLine(
        $"by the wall clock:        {Percent(walls[pairs / 2]),6:+0.00;-0.00} % [{Percent(walls[low]):+0.00;-0.00}, {Percent(walls[high]):+0.00;-0.00}]");
}
finally
{
    folder.Delete(recursive: true);
}

// One attempt as a silo runs it, alone: no network and no fit of another is reused.
(double Seconds, double Wall) Run(Instruments instruments, TelemetryObserver observer, TrialSpec trial)
{
    DirectoryInfo own = folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));
    var lease = new Lease { SweepId = "s", Trial = trial, Attempt = 1, FencingToken = 1, Expires = DateTimeOffset.MaxValue };
    IdleStore.Next = lease;
    var store = new MeasuredCoordinator(IdleStore.Create(), instruments, TimeProvider.System);
    var runner = new TrialRunner(new SiloOptions { Id = "bench", Slots = 1, ArtifactsDirectory = own.FullName }, TimeProvider.System);
    GC.Collect();
    long wall = Stopwatch.GetTimestamp();
    long began = clock.GetTimestamp();
    store.LeaseAsync(new LeaseRequest("bench", 1), CancellationToken.None).GetAwaiter().GetResult();
    var progress = new AttemptProgress(lease, TimeProvider.System.GetUtcNow());
    observer.Started(progress);
    TrialResult result = runner.Run(progress, CancellationToken.None);
    progress.Report(AttemptPhase.Commit, 1);
    store.CompleteAndLeaseAsync([new FinishedTrial(lease, result)], new LeaseRequest("bench", 1), CancellationToken.None).GetAwaiter().GetResult();
    observer.Ended(progress, AttemptOutcome.Completed, null, result);
    double seconds = clock.GetElapsedTime(began).TotalSeconds, took = Stopwatch.GetElapsedTime(wall).TotalSeconds;
    own.Delete(recursive: true);
    return (seconds, took);
}

(double Others, double Own) Others()
{
    double own = clock.GetElapsedTime(0).TotalSeconds;
    return (Environment.CpuUsage.TotalTime.TotalSeconds - own, own);
}
