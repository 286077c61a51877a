using System.CommandLine;
using System.Net;
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
        Description = $"a cluster's store: postgresql://user@host/database (default: {StoreArguments.Variable} from the environment, which also keeps a password out of sight)",
        HelpName = "URL",
    };

    public static Option<int?> Slots() => new("--slots") { Description = "trials at a time on each device (default: one per core; on a GPU what its memory holds)", HelpName = "N" };

    public static Option<string> Device() => new("--device") { Description = $"what trains: {DeviceKinds.Help}; several with commas between", DefaultValueFactory = _ => "auto", HelpName = "DEVICE" };

    public static Option<string?> Metrics() => new("--metrics")
    {
        Description = "serve Prometheus metrics at http://127.0.0.1:PORT/metrics, or on another address (0.0.0.0: all); see docs/monitoring.md", HelpName = "[ADDRESS:]PORT",
    };

    /// <summary>Null where none was asked for.</summary>
    public static IPEndPoint? CheckMetrics(string? given) => given is null ? null
        : MetricsAddress.TryParse(given, out IPEndPoint? address) ? address
        : throw new UsageException($"--metrics: {Words.Clean(given)}; allowed: {MetricsAddress.Allowed}");

    /// <summary>Opens what <c>--device</c> names with what <c>--slots</c> says, to be disposed of after the silo.</summary>
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

    public static Option<bool> Json() => new("--json") { Description = "write JSON to standard output" };

    public static Option<bool> Expect() => new("--expect") { Description = "exit with 1 unless every expectation of the spec is supported, and say which aren't" };

    public static Argument<string?> Sweep() => new("sweep")
    {
        Description = "the sweep's name; not needed when there is only one run",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Argument<string> Spec() => new("spec") { Description = "the spec, a YAML file", HelpName = "SPEC" };
}
