namespace Sweep.Grains.Comparison.Expectations;

/// <summary>The words of verdicts, as reports have them.</summary>
public static class ExpectationVerdict
{
    public const string Supported = "supported";
    public const string Refuted = "refuted";
    public const string Undecided = "undecided";
}
