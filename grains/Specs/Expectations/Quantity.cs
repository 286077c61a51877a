namespace Sweep.Grains.Specs.Expectations;

/// <summary>What an expectation is about, per seed. a and b are the two sides of its comparison, x the value without one.</summary>
public enum Quantity
{
    /// <summary>x.</summary>
    Value,

    /// <summary>b - a.</summary>
    Difference,

    /// <summary>b against a multiple of a: b - c a against 0.</summary>
    Multiple,

    /// <summary>b / a against c, judged as b - c a against 0 where a is above 0.</summary>
    Ratio,

    /// <summary>ln(b / a), where both are above 0.</summary>
    LogRatio,
}
