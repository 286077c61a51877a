using System.Globalization;

namespace Sweep.Grains.Coordination;

/// <summary>
/// One axis' place in a trial's ordinal. A grid's expansion counts through its axes, seeds innermost (<see cref="Specs.TrialExpansion"/>), so an ordinal is a
/// number whose digits are places on axes. A search's groups have their places one by one.
/// </summary>
/// <param name="Divisor">The number of trials that share a place: the product of the sizes of what counts faster; 1 or more.</param>
/// <param name="Size">How many values the axis has; 1 or more.</param>
/// <param name="Value">The place wanted, from 0.</param>
public readonly record struct OrdinalDigit(long Divisor, int Size, int Value = 0)
{
    /// <summary>Of a search, by group: <see cref="Divisor"/> is then the number of seeds. Null where the ordinal's digit is the place.</summary>
    public IReadOnlyList<int>? ByGroup { get; init; }

    /// <summary>Ordinals from here on are at no place: those of trials that tune.</summary>
    public long Below { get; init; } = long.MaxValue;

    /// <summary>Whether a trial <c>t</c> is at the place wanted, in SQL: integer arithmetic that every engine has.</summary>
    internal string Sql
    {
        get
        {
            if (ByGroup is null)
                return string.Create(CultureInfo.InvariantCulture, $"((t.ordinal / {Divisor}) % {Size}) = {Value}{Within}");
            (int value, IReadOnlyList<int> places) = (Value, ByGroup);
            string[] there =
                [.. Enumerable.Range(0, places.Count).Where(g => places[g] == value).Select(g => g.ToString(CultureInfo.InvariantCulture))];
            return there.Length == 0 ? "1 = 0" : string.Create(CultureInfo.InvariantCulture, $"(t.ordinal / {Divisor}) IN ({string.Join(", ", there)})");
        }
    }

    private string Within => Below == long.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" AND t.ordinal < {Below}");

    /// <summary>-1 where it is at none.</summary>
    public int Of(long ordinal) => ordinal >= Below ? -1 : ByGroup is null ? (int)(ordinal / Divisor % Size) : ByGroup[(int)(ordinal / Divisor)];
}
