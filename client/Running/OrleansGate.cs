using System.Reflection;
using Sweep.Client.Commands;

namespace Sweep.Client.Running;

/// <summary>The one place that knows whether the Orleans cluster engine is in this build (Directory.Build.props says when).</summary>
internal static class OrleansGate
{
    /// <summary>The version that the build has or wants.</summary>
    public static string Version { get; } = typeof(OrleansGate).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == "OrleansVersion").Value ?? "";

    /// <summary>The engine; null when its packages were not there to build with.</summary>
#if USE_ORLEANS
    public static IOrleansEngine? Engine { get; } = new Orleans.OrleansEngine();
#else
    public static IOrleansEngine? Engine => null;
#endif

    /// <summary>What is missing and how to get it.</summary>
    public static string Missing { get; } =
        $"the Orleans engine is not in this build: its packages (Microsoft.Orleans.Server and Microsoft.Orleans.Clustering.AdoNet {Version}) were not in the NuGet "
        + "cache; get them with: ./sweep setup (from a NuGet source that serves them), which builds it in; or leave out --orleans: sweep silo --store URL needs none of it";

    /// <summary>The same of Orleans' own dashboard.</summary>
    public static string DashboardMissing { get; } =
        $"Orleans' dashboard is not in this build: its package (Microsoft.Orleans.Dashboard {typeof(OrleansGate).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "OrleansDashboardVersion").Value}) "
        + "was not in the NuGet cache; get it with: ./sweep setup (from a NuGet source that serves it), which builds it in; or look with: sweep serve --store URL";

    /// <summary>One line for <c>sweep setup</c> and <c>sweep doctor</c>.</summary>
    public static string Found { get; } = Engine is null
        ? $"not in this build: the NuGet source gave no Microsoft.Orleans {Version} (docs/orleans.md)"
        : $"in this build (Microsoft.Orleans {Version}; its dashboard is {(Engine.HasDashboard ? "too" : "not")})";

    /// <exception cref="UsageException">It isn't in this build.</exception>
    public static IOrleansEngine Require() => Engine ?? throw new UsageException($"--orleans: {Missing}");
}
