namespace Sweep.Tests.Client.Chaos;

/// <summary>The sweeps that go through faults: many short trials, and a few that come later.</summary>
internal static class ChaosSpec
{
    /// <summary>What <see cref="Many"/> has.</summary>
    public const int ManyTrials = 40;

    /// <summary>What <see cref="Few"/> has.</summary>
    public const int FewTrials = 8;

    /// <summary>Trials of about a tenth of a second: long enough for a fault to hit them.</summary>
    public static string Many => Text("many", 10);

    /// <summary>The same trials for fewer seeds.</summary>
    public static string Few => Text("few", 2);

    /// <summary>As many trials as <see cref="Few"/>, of some seconds each.</summary>
    public static string Long => Text("long", 2).Replace("steps: 6000", "steps: 200000", StringComparison.Ordinal);

    private static string Text(string name, int seeds) => TinySpec.Quick
        .Replace("sweep: tiny", $"sweep: {name}", StringComparison.Ordinal)
        .Replace("seeds: 2", $"seeds: {seeds}", StringComparison.Ordinal)
        .Replace("steps: 200", "steps: 6000", StringComparison.Ordinal);
}
