namespace Sweep.Diffusion.Metrics;

/// <summary>A number, finite, or the reason why there is none.</summary>
public readonly record struct Measurement
{
    /// <summary>The reason of a step that is never reached.</summary>
    public const string Never = "never";

    private Measurement(double? value, string? reason) => (Value, Reason) = (value, reason);

    /// <summary>Finite, or null.</summary>
    public double? Value { get; }

    /// <summary>Null with a value, and only then.</summary>
    public string? Reason { get; }

    /// <param name="value">Any.</param>
    /// <param name="reason">Why there is no value, should it not be finite.</param>
    public static Measurement Of(double value, string reason = "not finite") => double.IsFinite(value) ? new(value, null) : None(reason);

    /// <summary>A number of steps; null is <see cref="Never"/>.</summary>
    public static Measurement Steps(double? steps) => steps is { } count ? Of(count) : None(Never);

    public static Measurement None(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new(null, reason);
    }
}
