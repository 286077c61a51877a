using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>
/// The numbers of <see cref="TrialStatus"/> and <see cref="AttemptOutcome"/> as SQL literals: a partial index serves a query only if the literal is
/// in the query's text.
/// </summary>
internal static class Code
{
    public const string Queued = "0";
    public const string Running = "1";
    public const string Completed = "2";
    public const string Failed = "3";
    public const string Cancelled = "4";
    public const string Held = "5";
    public const string Pruned = "6";

    /// <summary>Of an attempt.</summary>
    public const string AttemptCompleted = "1";
}
