using System.CommandLine;
using System.Net;
using Sweep.Client.Terminal;
using Sweep.Silo.Devices;
using Sweep.Silo.Telemetry.Prometheus;

namespace Sweep.Client.Commands;

/// <summary>Options that several commands take. A fresh instance per command: System.CommandLine binds an option to its command.</summary>
internal static class CommonOptions
{
    public static Option<string?> Out() =>
        new("--out") { Description = "the run's folder (default: runs/NAME)", HelpName = "DIR" };

    public static Option<string?> Store() => new("--store")
    {
        Description =
            $"a cluster's store: postgresql://user@host/database (default: the environment variable {StoreArguments.Variable}, which also hides a password)",
        HelpName = "URL",
    };

    public static Option<int?> Slots() => new("--slots")
    {
        Description = "concurrent trials per device (default: one per core; on a GPU as many as fit its memory)", HelpName = "N",
    };

    public static Option<string> Device() => new("--device")
    {
        Description = $"training devices: {DeviceKinds.Help}; separate several by commas", DefaultValueFactory = _ => "auto", HelpName = "DEVICE",
    };

    public static Option<string?> Metrics() => new("--metrics")
    {
        Description = "serve Prometheus metrics at http://127.0.0.1:PORT/metrics, or on another address (0.0.0.0: all); see docs/monitoring.md",
        HelpName = "[ADDRESS:]PORT",
    };

    /// <summary>Null if none was requested.</summary>
    public static IPEndPoint? CheckMetrics(string? given) => given is null ? null
        : MetricsAddress.TryParse(given, out IPEndPoint? address) ? address
        : throw new UsageException($"--metrics: {Words.Clean(given)}; allowed: {MetricsAddress.Allowed}");

    /// <summary>Opens the devices of <c>--device</c> with <c>--slots</c>; to be disposed of after the silo.</summary>
    public static SiloDevices OpenDevices(CommandContext context, string names, int? slots)
    {
        if (slots is < 1 or > 4096)
            throw new UsageException($"--slots: {slots}; allowed: 1 to 4096");
        IReadOnlyList<SiloDevice> devices = DeviceKinds.Open(Words.Clean(names), context.Time, out string? problem, CancellationToken.None)
            ?? throw new UsageException($"--device: {problem}");
        if (problem is not null)
            context.Error.WriteLine($"training on the CPU: {problem}");
        return new SiloDevices(devices, slots);
    }

    public static Option<bool> NoToken() =>
        new("--no-token") { Description = "no token for the dashboard: every user of this machine may operate the sweeps (127.0.0.1 alone)" };

    public static Option<string?> Notify() => new("--notify")
    {
        Description = "tell this address once how it ended: a POST of JSON; see docs/failures.md", HelpName = "URL",
    };

    public static Option<bool> Json() => new("--json") { Description = "write JSON to standard output" };

    public static Option<bool> Expect() => new("--expect") { Description = "exit with 1 and list them if expectations of the spec aren't supported" };

    public static Argument<string?> Sweep()
    {
        Argument<string?> sweep = new("sweep")
        {
            Description = "the sweep's name; not needed when there is only one run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        sweep.CompletionSources.Add(_ => RunDirectory.All().Select(r => Path.GetFileName(r.FullPath)));
        return sweep;
    }

    public static Argument<string> Spec() => new("spec") { Description = "the spec, a YAML file", HelpName = "SPEC" };
}
