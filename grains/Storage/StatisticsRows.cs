namespace Sweep.Grains.Storage;

// The rows of SweepStatistics, as Dapper fills them: one file, since each is only the shape of one query.
internal sealed class PaceRow
{
    public string Id { get; set; } = "";

    public double Cost { get; set; }

    public double? Fraction { get; set; }

    public long Started { get; set; }
}

internal sealed class RunningRow
{
    public string SweepId { get; set; } = "";

    public string SweepName { get; set; } = "";

    public string TrialId { get; set; } = "";

    public string Silo { get; set; } = "";

    public string? Phase { get; set; }

    public double? Fraction { get; set; }

    public long Expires { get; set; }
}

internal sealed class GroupRow
{
    public long GroupIndex { get; set; }

    public int State { get; set; }

    public long Count { get; set; }
}

internal sealed class MeanRow
{
    public long GroupIndex { get; set; }

    public double? Mean { get; set; }
}

internal sealed class OrdinalRow
{
    public long Trial { get; set; }

    public long Ordinal { get; set; }
}

internal sealed class TroubleRow
{
    public string Trial { get; set; } = "";

    public int State { get; set; }

    public int Outcome { get; set; }

    public string? Message { get; set; }

    public string Silo { get; set; } = "";
}

internal sealed class CompletionRow
{
    public string Id { get; set; } = "";

    public long Ended { get; set; }
}
