using System.Globalization;

namespace Sweep.Grains.Specs.Expectations;

/// <summary>
/// What an expectation's <c>is</c> says: a quantity, a relation, a number. <see cref="ConditionReader"/> reads it; <see cref="ToString"/> writes it such that
/// it reads back the same.
/// </summary>
public sealed record Condition
{
    public required Quantity Quantity { get; init; }

    public required Relation Relation { get; init; }

    /// <summary>The number written: the bound; of <see cref="Quantity.Multiple"/> and <see cref="Quantity.Ratio"/> the factor c. Finite.</summary>
    public required double Bound { get; init; }

    /// <summary>a and b exchanged: a - b, a / b, ln(a / b).</summary>
    public bool Swapped { get; init; }

    /// <summary>Bars around the quantity: |x|, |b - a|, |ln(b / a)|. Not with <see cref="Quantity.Multiple"/> and <see cref="Quantity.Ratio"/>.</summary>
    public bool Absolute { get; init; }

    /// <summary>False where it is about one value, x.</summary>
    public bool IsPair => Quantity != Quantity.Value;

    /// <summary>What the quantity judged is held against: <see cref="Bound"/>, or 0 for b - c a.</summary>
    public double Threshold => IsContrast ? 0 : Bound;

    /// <summary>
    /// The quantity judged: <c>x</c>, <c>b - a</c>, <c>b - 0.3 a</c>, <c>ln(b / a)</c>; bars left out, as they change what is satisfied and not the quantity.
    /// </summary>
    public string Judged => Quantity switch
    {
        Quantity.Value => "x",
        Quantity.Difference => $"{Left} - {Right}",
        Quantity.LogRatio => $"ln({Left} / {Right})",
        _ => $"{Left} {(Bound < 0 ? "+" : "-")} {Text(Math.Abs(Bound))} {Right}",
    };

    private bool IsContrast => Quantity is Quantity.Multiple or Quantity.Ratio;

    private string Left => Swapped ? "a" : "b";

    private string Right => Swapped ? "b" : "a";

    /// <summary>The relation as written.</summary>
    public string Sign => Relation switch { Relation.Less => "<", Relation.AtMost => "<=", Relation.More => ">", _ => ">=" };

    /// <summary>Whether every value from <paramref name="low"/> to <paramref name="high"/> satisfies the condition. Either may be infinite.</summary>
    public bool HoldsThroughout(double low, double high) => Throughout(Relation, low, high);

    /// <summary>Whether no value from <paramref name="low"/> to <paramref name="high"/> satisfies it.</summary>
    public bool FailsThroughout(double low, double high) => Throughout(
        Relation switch { Relation.Less => Relation.AtLeast, Relation.AtMost => Relation.More, Relation.More => Relation.AtMost, _ => Relation.Less }, low,
            high);

    /// <summary>How far inside what satisfies the condition the range lies; below 0 where some of it doesn't. For showing the least certain group.</summary>
    public double Margin(double low, double high) => (Relation is Relation.Less or Relation.AtMost, Absolute) switch
    {
        (true, false) => Threshold - high,
        (true, true) => Threshold - Math.Max(high, -low),
        (false, false) => low - Threshold,
        (false, true) => Math.Max(low - Threshold, -Threshold - high),
    };

    /// <summary>The quantity judged of one seed.</summary>
    /// <param name="a">The first side; ignored by <see cref="Quantity.Value"/>.</param>
    /// <param name="b">The second side, or x. Either may be infinite.</param>
    /// <returns>The value, perhaps infinite; or why there is none.</returns>
    public (double Value, string? Problem) Of(double a, double b)
    {
        if (Quantity == Quantity.Value)
            return (b, null);
        (double left, double right) = Swapped ? (a, b) : (b, a);
        if (Quantity is Quantity.Ratio && !(right > 0))
            return (double.NaN, $"{Right} is not above 0, so the ratio says nothing");
        if (Quantity is Quantity.LogRatio && !(left > 0 && right > 0))
            return (double.NaN, "a or b is not above 0, so the ratio has no logarithm");
        double value = Quantity switch
        {
            Quantity.Difference => left - right,
            Quantity.LogRatio => Math.Log(left / right),
            // A factor of 0 leaves an infinite side out.
            _ => left - (Bound == 0 ? 0 : Bound * right),
        };
        return double.IsNaN(value) ? (value, "both sides are never") : (value, null);
    }

    public override string ToString()
    {
        if (IsContrast)
        {
            return Quantity == Quantity.Ratio
                ? $"{Left} / {Right} {Sign} {Text(Bound)}"
                : $"{Left} {Sign} {Text(Bound)} {Right}";
        }

        if (Quantity == Quantity.Difference && !Absolute && Bound == 0)
            return $"{Left} {Sign} {Right}";
        if (Quantity == Quantity.Value && !Absolute)
            return $"{Sign} {Text(Bound)}";
        return Absolute ? $"|{Judged}| {Sign} {Text(Bound)}" : $"{Judged} {Sign} {Text(Bound)}";
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private bool Throughout(Relation relation, double low, double high) => relation switch
    {
        Relation.Less => high < Threshold && (!Absolute || low > -Threshold),
        Relation.AtMost => high <= Threshold && (!Absolute || low >= -Threshold),
        Relation.More => low > Threshold || (Absolute && high < -Threshold),
        _ => low >= Threshold || (Absolute && high <= -Threshold),
    };
}
