namespace Sweep.Silo.Telemetry;

/// <summary>
/// Meters of what a process is made of, exported beside its own. .NET, ASP.NET Core and Orleans bring them along, by the semantic conventions where there
/// are some: OpenTelemetry's packages of instrumentation would only name the same meters. Npgsql's stays out: its attributes are connection strings.
/// </summary>
public static class ForeignMeters
{
    /// <summary>Garbage collection, threads, locks, compilation, CPU time and memory of the process.</summary>
    public const string Runtime = "System.Runtime";

    /// <summary>Connections to the process' own HTTP endpoints.</summary>
    public const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>Grain calls, activations, messages and membership of a cluster.</summary>
    public const string Orleans = "Microsoft.Orleans";

    /// <summary>All of them, for a silo.</summary>
    public static IReadOnlyList<string> All { get; } = [Runtime, Kestrel, Orleans];
}
