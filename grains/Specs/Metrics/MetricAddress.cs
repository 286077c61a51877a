using System.Globalization;

namespace Sweep.Grains.Specs;

/// <summary>
/// What a metric's name asks for: a metric, or a read-off <c>CURVE@X</c>: a curve's value at a reverse step, a training step or a noise level.
/// </summary>
/// <param name="Name">The metric or the curve.</param>
/// <param name="At">Where the curve is read; null for a metric.</param>
public readonly record struct MetricAddress(string Name, double? At)
{
    /// <summary>
    /// Reads a name. What follows an @ must be a finite number, at least 0; otherwise the whole is a metric's name (which no catalogue will know).
    /// </summary>
    public static MetricAddress Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf('@');
        return at > 0 && double.TryParse(text.AsSpan(at + 1), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture,
            out double x) && double.IsFinite(x)
            ? new MetricAddress(text[..at], x)
            : new MetricAddress(text, null);
    }

    public bool IsReadOff => At is not null;

    /// <summary>The x as written in messages.</summary>
    public string AtText => At?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    /// <summary>One spelling per address: <c>log_likelihood@20.0</c> is <c>log_likelihood@20</c>.</summary>
    public override string ToString() => IsReadOff ? $"{Name}@{AtText}" : Name;
}
