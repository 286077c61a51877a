namespace Sweep.Client.Terminal;

/// <summary>The exit codes of the <c>sweep</c> command. Scripts rely on them: never renumber.</summary>
internal static class ExitCode
{
    /// <summary>Everything done.</summary>
    public const int Done = 0;

    /// <summary>
    /// Not everything was done: some trials failed for good or were cancelled, the sweep was paused or stopped at its <c>limits.failed</c>, stored results are
    /// damaged, or an unexpected error ended it; or, with <c>--expect</c>, an expectation is refuted or undecided.
    /// </summary>
    public const int NotAllDone = 1;

    /// <summary>Bad spec or usage.</summary>
    public const int Usage = 2;

    /// <summary>The store can't be reached, is full, damaged or not ours.</summary>
    public const int Store = 3;

    /// <summary>Interrupted by a signal, Ctrl-C's or another; the same command resumes.</summary>
    public const int Interrupted = 130;
}
