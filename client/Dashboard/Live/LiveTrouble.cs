namespace Sweep.Client.Dashboard.Live;

/// <summary>The event <c>trouble</c>: why a page may show stale or incomplete data.</summary>
/// <param name="About"><see cref="Store"/>, <see cref="Sweep"/> or <see cref="Report"/>; null if there is no problem.</param>
/// <param name="Message">A description; null if there is no problem.</param>
internal sealed record LiveTrouble(string? About, string? Message)
{
    /// <summary>The store can't be read.</summary>
    public const string Store = "store";

    /// <summary>The page's sweep can't be read.</summary>
    public const string Sweep = "sweep";

    /// <summary>The sweep's report can't be built, or is incomplete.</summary>
    public const string Report = "report";

    public static LiveTrouble None { get; } = new(null, null);
}
