using Sweep.Grains.Coordination;

namespace Sweep.Grains.Trials;

/// <summary>
/// Tells a bad silo from bad trials. The outcome of a trial depends on its spec alone, so a trial that fails on one silo and completes on another proves the
/// first at fault; together with failures on enough different trials and no success between them, that puts it in quarantine.
/// </summary>
public static class SiloFault
{
    /// <summary>Why a silo is to be quarantined; null where it isn't.</summary>
    /// <param name="failed">How many different trials have failed on it since it last completed one; more than the limit need not be counted.</param>
    /// <param name="completedElsewhere">One of them that another silo has completed since; null where none has.</param>
    public static string? Quarantine(int failed, string? completedElsewhere, CoordinatorOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return completedElsewhere is not null && failed >= limits.QuarantineAfterTrials
            ? $"{failed} different trials in a row failed on it, and {completedElsewhere} completed elsewhere" : null;
    }
}
