namespace Sweep.Grains.Comparison.Expectations;

/// <summary>The words of verdicts, as reports have them.</summary>
public static class ExpectationVerdict
{
    public const string Supported = "supported";
    public const string Refuted = "refuted";
    public const string Undecided = "undecided";

    /// <summary>The condition is supported, and a control that should have failed doesn't: the claim shows nothing.</summary>
    public const string Empty = "empty";
}
