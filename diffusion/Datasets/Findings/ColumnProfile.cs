namespace Sweep.Diffusion.Datasets.Findings;

/// <summary>What the values of one column are like, by some of the rows, evenly taken.</summary>
internal sealed class ColumnProfile
{
    /// <summary>Values that a column of categories has at most, and rows for each at least.</summary>
    private const int MaxCategories = 10, MinRowsPerCategory = 4;

    /// <summary>Share of a column that makes one value a mass of its own, and rows from which on shares are spoken of.</summary>
    private const double MassShare = 0.05;
    private const int MinRowsForShares = 40;

    /// <summary>A step of at least this many standard deviations is not rounding that noise of a schedule's least level would hide.</summary>
    private const double CoarseStep = 0.01;

    /// <summary>By how much a multiple of a step may miss it, in steps: decimals are rounded to binary.</summary>
    private const double StepTolerance = 1e-3;

    /// <summary>Distinct values from which on one of them can be told to be none of the others' kind.</summary>
    private const int MinDistinctBesideCode = 12;

    private readonly double[] _sorted;
    private readonly double[] _distinct;
    private readonly double _commonShare;

    /// <param name="values">In any order; sorted in place.</param>
    internal ColumnProfile(double[] values)
    {
        Array.Sort(values);
        _sorted = values;
        var distinct = new List<double>();
        int run = 0, longest = 0;
        for (int i = 0; i < values.Length; i++)
        {
            run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
            if (run == 1)
                distinct.Add(values[i]);
            if (run <= longest)
                continue;
            longest = run;
            Common = values[i];
        }

        _distinct = [.. distinct];
        _commonShare = (double)longest / values.Length;
    }

    /// <summary>The most frequent value.</summary>
    internal double Common { get; }

    internal bool IsConstant => _distinct.Length == 1;

    internal double Median => _sorted[_sorted.Length / 2];

    /// <summary>Of the quartiles, one from the other.</summary>
    internal double QuartileRange => _sorted[3 * _sorted.Length / 4] - _sorted[_sorted.Length / 4];

    /// <summary>The few values of a column of categories; null when it is none.</summary>
    internal IReadOnlyList<double>? Categories =>
        _distinct.Length is > 1 and <= MaxCategories && _sorted.Length >= MinRowsPerCategory * _distinct.Length ? _distinct : null;

    /// <summary>Whether all values are whole numbers and differ, and leave no gaps beyond some.</summary>
    internal bool MayNumberRows => _distinct.Length == _sorted.Length && _distinct.All(v => v == Math.Floor(v));

    /// <summary>The share of the most frequent value, where it is a mass of its own; null when it is not.</summary>
    internal double? MassOfCommon =>
        !IsConstant && Categories is null && Step is null && _sorted.Length >= MinRowsForShares && _commonShare >= MassShare ? _commonShare : null;

    /// <summary>
    /// A number of nines (-999, 9999, -1e30 in older files) at the end of the column's range, away from the rest by more than that is wide, where there are
    /// enough others to say so; null where there is none.
    /// </summary>
    internal double? MissingCode
    {
        get
        {
            if (_distinct.Length < MinDistinctBesideCode)
                return null;
            double least = _distinct[0], most = _distinct[^1];
            return IsCode(least) && _distinct[1] - least > most - _distinct[1] ? least
                : IsCode(most) && most - _distinct[^2] > _distinct[^2] - least ? most
                : null;
        }
    }

    /// <summary>
    /// The step of which all values are multiples from the least one on, where it is not small against their spread; null where there is none.
    /// </summary>
    internal double? Step
    {
        get
        {
            if (_distinct.Length < 3)
                return _distinct.Length == 2 ? _distinct[1] - _distinct[0] : null;
            double step = double.PositiveInfinity;
            for (int i = 1; i < _distinct.Length; i++)
                step = Math.Min(step, _distinct[i] - _distinct[i - 1]);
            double mean = _sorted.Average(), spread = Math.Sqrt(_sorted.Average(v => (v - mean) * (v - mean)));
            if (!(step >= CoarseStep * spread))
                return null;
            for (int i = 1; i < _distinct.Length; i++)
            {
                double steps = (_distinct[i] - _distinct[i - 1]) / step;
                if (Math.Abs(steps - Math.Round(steps)) > StepTolerance)
                    return null;
            }

            return step;
        }
    }

    private static bool IsCode(double value) =>
        Math.Abs(value) is 99 or 999 or 9999 or 99999 or 999999 or 99.99 or 999.9 or 999.99 or 9999.9 or 9999.99 or 1e20 or 1e30;
}
