using Sweep.Grains.Comparison.Report;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>A group as it was judged.</summary>
/// <param name="Section">As reports have it.</param>
/// <param name="Low">Of the range that is judged, perhaps infinite; NaN where there is none.</param>
/// <param name="High">The other end.</param>
/// <param name="Refutes">Whether the wider range violates the condition throughout, which refutes the whole claim.</param>
internal sealed record GroupReading(ExpectationGroupSection Section, double Low, double High, bool Refutes)
{
    /// <summary>
    /// The least level at which the range satisfies the condition throughout (true), or violates it throughout (false); 1 where it does at none. Null where a
    /// seed has no result or no value.
    /// </summary>
    public Func<bool, double>? LeastLevel { get; init; }
}
