using System.Globalization;

namespace Sweep.Diffusion.Datasets.Findings;

/// <summary>
/// Looks through the rows of a dataset for what a fit would fail on or a density could not describe. Exact where it says so of every row; in large data the
/// rest goes by some of the rows, evenly taken.
/// </summary>
public static class DataFindings
{
    /// <summary>Rows by which a column's values are judged, and for each column those by which dependence is.</summary>
    private const int ProfileRows = 20_000, DependenceRows = 2048, DependenceRowsPerColumn = 4;

    /// <summary>Beyond so many columns dependence is left to the fit: looking for it takes the cube of their number.</summary>
    private const int MaxDependenceColumns = 1024;

    /// <summary>Whitening refuses eigenvalues below 1e-12 of the largest; a column may be that near to what others say, and no nearer.</summary>
    private const double ExactlyDependent = 1e-12;

    /// <summary>Nearer than this only a few far rows can bring columns that are otherwise free.</summary>
    private const double NearlyDependent = 1e-6;

    /// <summary>A row so many quartile ranges from the median in some column is far, and so large a share of rows may be.</summary>
    private const double Far = 1000;
    private const double MaxFarShare = 0.01;

    private const int MaxNamed = 8, MaxRareRows = 20;

    /// <param name="points">The rows, in the order of the file.</param>
    /// <param name="missing">Rows that the file has besides, between these.</param>
    public static IReadOnlyList<DataFinding> Of(PointSet points, int missing = 0)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
            return [];
        var found = new List<DataFinding>();
        ColumnProfile[] profiles =
            [.. Enumerable.Range(0, points.Dimensions).Select(j => new ColumnProfile(Column(points, j, Some(points.Count, ProfileRows))))];
        int[] constant = [.. Columns(j => profiles[j].IsConstant && Enumerable.Range(0, points.Count).All(i => points.Row(i)[j] == profiles[j].Common))];
        Add(DataFindingKind.Constant, constant, j => $"{Name(j)} ({Show(profiles[j].Common)})", many => many ? "are constant" : "is constant");
        int[] numbering = [.. Columns(j => profiles[j].MayNumberRows && NumbersRows(points, j, missing))];
        Add(DataFindingKind.RowNumbers, numbering, Name, many => many ? "number the rows" : "numbers the rows");
        Add(
            DataFindingKind.Categories, [.. Columns(j => profiles[j].Categories is not null)],
            j => $"{Name(j)} ({string.Join(", ", profiles[j].Categories!.Select(Show))})", many => many ? "take few values" : "takes few values");
        Add(
            DataFindingKind.Lattice,
            [.. Columns(j => profiles[j].Step is not null).Except(numbering)],
            j => $"{Name(j)} (in steps of {Show(profiles[j].Step!.Value)})",
            many => many ? "lie on lattices" : "lies on a lattice");
        Add(
            DataFindingKind.Ties, [.. Columns(j => profiles[j].MassOfCommon is not null)],
            j => string.Create(CultureInfo.InvariantCulture, $"{Name(j)} ({Show(profiles[j].Common)} in {profiles[j].MassOfCommon:p0} of the rows)"),
            many => many ? "repeat one value" : "repeats one value");
        Add(
            DataFindingKind.MissingCode, [.. Columns(j => profiles[j].MissingCode is not null)],
            j => string.Create(CultureInfo.InvariantCulture, $"{Name(j)} ({Show(profiles[j].MissingCode!.Value)})"),
            many => many ? "hold numbers far from all others, as are written for missing values"
                : "holds a number far from all others, as is written for missing values");
        found.AddRange(Dependences(points, profiles, [.. Columns(j => !profiles[j].IsConstant)]));
        return found;

        IEnumerable<int> Columns(Func<int, bool> which) => Enumerable.Range(0, points.Dimensions).Where(which);

        string Name(int column) => points.Column(column);

        void Add(DataFindingKind kind, int[] columns, Func<int, string> name, Func<bool, string> verb)
        {
            if (columns.Length > 0)
                found.Add(new DataFinding(kind, columns, $"{Word(columns.Length)} {List(columns, name)} {verb(columns.Length > 1)}"));
        }
    }

    /// <summary>Columns that vary in so few rows that a split may leave all of these out of the training points.</summary>
    public static IReadOnlyList<int> RarelyVarying(PointSet points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return
        [
            .. Enumerable.Range(0, points.Dimensions).Where(j =>
            {
                double common = new ColumnProfile(Column(points, j, Some(points.Count, MaxRareRows * 4))).Common;
                int others = 0;
                for (int i = 0; i < points.Count && others <= MaxRareRows; i++)
                    others += points.Row(i)[j] == common ? 0 : 1;
                return others is > 0 and <= MaxRareRows;
            }),
        ];
    }

    private static IEnumerable<DataFinding> Dependences(PointSet points, ColumnProfile[] profiles, int[] columns)
    {
        int sampled = Math.Max(DependenceRows, DependenceRowsPerColumn * columns.Length);
        if (columns.Length < 2 || columns.Length > MaxDependenceColumns || points.Count <= columns.Length)
            yield break;
        IEnumerable<int> outliers = Enumerable.Range(0, points.Count).Where(i => columns.Any(j => IsFar(points.Row(i)[j], profiles[j])));
        int[] far = [.. outliers.Take((int)(MaxFarShare * points.Count) + 2)];
        if (far.Length > Math.Max(1, MaxFarShare * points.Count))
            far = [];
        int[] rows = [.. Some(points.Count, sampled).Except(far)];
        IReadOnlyList<(int Column, IReadOnlyList<int> From, double Unexplained)> all = Find([.. rows, .. far], NearlyDependent);
        if (all.Count == 0)
            yield break;
        HashSet<int> without = far.Length == 0 ? [] : [.. Find(rows, NearlyDependent).Select(f => f.Column)];
        foreach ((int column, IReadOnlyList<int> from, double unexplained) in all.Take(MaxNamed))
        {
            int[] involved = [column, .. from];
            if (far.Length > 0 && !without.Contains(column))
            {
                yield return new DataFinding(
                    DataFindingKind.Outlier, involved,
                    $"columns {List(involved, points.Column)} are collinear only because of {(far.Length == 1 ? "a row" : $"{far.Length} rows")} far off, "
                    + "such as the one with "
                    + string.Join(", ", involved.Take(MaxNamed).Select(j => $"{points.Column(j)} {Show(points.Row(far[0])[j])}")));
            }
            else if (unexplained <= ExactlyDependent)
            {
                yield return new DataFinding(
                    DataFindingKind.Dependent, involved, $"column {points.Column(column)} follows linearly from {List([.. from], points.Column)}");
            }
        }

        IReadOnlyList<(int Column, IReadOnlyList<int> From, double Unexplained)> Find(int[] among, double unexplained) =>
        [
            .. LinearDependence.Find([.. columns.Select(j => Array.ConvertAll(among, i => points.Row(i)[j]))], unexplained)
                .Select(f => (columns[f.Column], (IReadOnlyList<int>)[.. f.From.Select(k => columns[k])], f.Unexplained)),
        ];
    }

    private static bool IsFar(double value, ColumnProfile profile) =>
        profile.QuartileRange > 0 && Math.Abs(value - profile.Median) > Far * profile.QuartileRange;

    /// <summary>Whether the values rise by 1 from row to row, but for rows that are missing, or are 0 to n - 1 (or 1 to n) in another order.</summary>
    private static bool NumbersRows(PointSet points, int column, int missing)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        var seen = new HashSet<double>(points.Count);
        for (int i = 0; i < points.Count; i++)
        {
            double value = points.Row(i)[column];
            if (value != Math.Floor(value) || !seen.Add(value))
                return false;
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return least >= 0 && least <= 1 + missing && most - least < points.Count + missing;
    }

    private static int[] Some(int count, int most) =>
        count <= most ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, most).Select(k => (int)((long)k * count / most))];

    private static double[] Column(PointSet points, int column, int[] rows) => Array.ConvertAll(rows, i => points.Values[(i * points.Dimensions) + column]);

    private static string Word(int count) => count == 1 ? "column" : "columns";

    private static string List(int[] columns, Func<int, string> name) =>
        string.Join(", ", columns.Take(MaxNamed).Select(name)) + (columns.Length > MaxNamed ? $" and {columns.Length - MaxNamed} more" : string.Empty);

    private static string Show(double value) => value.ToString("g6", CultureInfo.InvariantCulture);
}
