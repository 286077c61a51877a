namespace Sweep.Tests;

/// <summary>Every tolerance the tests use, each with its reason. None is loosened to go green.</summary>
internal static class Tolerances
{
    /// <summary>fp32 Box-Muller noise against double: a few roundings (6e-8 each) of values up to 6.7.</summary>
    public const double NormalNoise = 2e-6;

    /// <summary>Agreement with a float64 reference computed by another library: a few hundred rounding errors.</summary>
    public const double ReferenceRelative = 1e-10;

    /// <summary>Inverse(Forward(x)) = x, relative to 1 + |x|: the promise of IFittedPreprocessing.</summary>
    public const double RoundTrip = 1e-9;

    /// <summary>Central finite differences with step 1e-5 in double precision: truncation 1e-10 times the third derivative, cancellation 1e-11.</summary>
    public const double FiniteDifference = 1e-6;

    /// <summary>A standard deviation over 20,000 draws has a sampling error of 0.5 %; four of those, and under 1 % of discretisation.</summary>
    public const double SampledStandardDeviation = 0.03;
}
