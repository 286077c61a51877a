using System.Globalization;

namespace Sweep.Bench.Cluster;

/// <summary>The command line.</summary>
internal sealed class BenchOptions(string[] arguments)
{
    /// <summary>Smaller sizes, under two minutes in all.</summary>
    public bool Quick { get; } = arguments.Contains("--quick");

    /// <summary>Prints what each statement costs the server.</summary>
    public bool Profile { get; } = arguments.Contains("--profile");

    /// <summary>Completes and leases in two calls, as before there was one for both.</summary>
    public bool Separate { get; } = arguments.Contains("--separate");

    public bool Runs(string section) =>
        arguments.FirstOrDefault(a => a.StartsWith("--only=", StringComparison.Ordinal)) is not { } only
            || only["--only=".Length..].Split(',').Contains(section);

    public int Number(string name, int usual) => arguments.FirstOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal)) is { } given
        ? int.Parse(given[(name.Length + 3)..], CultureInfo.InvariantCulture)
        : usual;
}
