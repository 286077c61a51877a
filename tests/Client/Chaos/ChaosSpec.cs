namespace Sweep.Tests.Client.Chaos;

/// <summary>The sweeps that go through faults: many short trials, and a few that come later.</summary>
internal static class ChaosSpec
{
    /// <summary>What <see cref="Many"/> has.</summary>
    public const int ManyTrials = 40;

    /// <summary>What <see cref="Few"/> has.</summary>
    public const int FewTrials = 8;

    /// <summary>Trials of about a quarter of a second: two slots are at work for some seconds, so that a fault hits them however late it comes.</summary>
    public static string Many => Text("many", 10);

    /// <summary>The same trials for fewer seeds.</summary>
    public static string Few => Text("few", 2);

    /// <summary>As many trials as <see cref="Few"/>, of some seconds each.</summary>
    public static string Long => Text("long", 2).Replace(Steps, "steps: 200000", StringComparison.Ordinal);

    private const string Steps = "steps: 15000";

    private static string Text(string name, int seeds) => TinySpec.Quick
        .Replace("sweep: tiny", $"sweep: {name}", StringComparison.Ordinal)
        .Replace("seeds: 2", $"seeds: {seeds}", StringComparison.Ordinal)
        .Replace("steps: 200", Steps, StringComparison.Ordinal);
}
