using System.Globalization;

namespace Sweep.Grains.Coordination;

/// <summary>
/// One axis' place in a trial's ordinal. A sweep's expansion counts through its axes, seeds innermost (<see cref="Specs.TrialExpansion"/>), so an ordinal is a
/// number whose digits are places on axes.
/// </summary>
/// <param name="Divisor">The number of trials that share a place: the product of the sizes of what counts faster; 1 or more.</param>
/// <param name="Size">How many values the axis has; 1 or more.</param>
/// <param name="Value">The place wanted, from 0.</param>
public readonly record struct OrdinalDigit(long Divisor, int Size, int Value = 0)
{
    /// <summary>The digit of a trial <c>t</c>, in SQL: integer arithmetic that every engine has.</summary>
    internal string Sql => string.Create(CultureInfo.InvariantCulture, $"((t.ordinal / {Divisor}) % {Size})");

    public int Of(long ordinal) => (int)(ordinal / Divisor % Size);
}
