using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// file: the rows of a CSV file with a header, or of a 2-D .npy array. The path is relative to the current directory. The trial's seed shuffles the distinct rows;
/// <c>test_fraction</c> of them are held out, half for Test and half for Fresh; a tenth of the rest is for Validation and the others are for
/// Training. Copies of a row all go where the row goes, so that no set holds a row of another. A set that has more rows than asked for gives a random part of them, one that has
/// fewer gives all. Each set has at least one row, and Test, Fresh and Training at least two, which their metrics need.
/// </summary>
public sealed class FileDataset : IDataset
{
    /// <summary>Two rows each for Training, Test and Fresh, one for Validation, and one to spare.</summary>
    internal const int MinimumDistinctRows = 8;

    private const double ValidationFraction = 0.1;

    private readonly double[] _values;
    private readonly int[][] _copies;
    private readonly double _testFraction;

    internal FileDataset(string path, NumericTable table, double testFraction)
    {
        _values = table.Values;
        _testFraction = testFraction;
        ColumnNames = table.Columns;
        _copies = Enumerable.Range(0, RowCount)
            .GroupBy(Row, RowComparer.Instance)
            .Select(group => group.ToArray())
            .ToArray();
        if (_copies.Length < MinimumDistinctRows)
            throw new KindException($"{path}: {_copies.Length} distinct rows; allowed: at least {MinimumDistinctRows}");
    }

    /// <summary>Rows in the file, copies included.</summary>
    public int RowCount => _values.Length / Dimensions;

    /// <summary>Rows that differ.</summary>
    public int DistinctRowCount => _copies.Length;

    public IReadOnlyList<string> ColumnNames { get; }

    public int Dimensions => ColumnNames.Count;

    public IDensity? Density => null;

    public IModes? Modes => null;

    /// <inheritdoc/>
    public int? ImageSide { get; init; }

    /// <summary>How many distinct rows each set has to give.</summary>
    public SplitSizes Available
    {
        get
        {
            int held = Math.Clamp((int)Math.Round(_testFraction * DistinctRowCount), 4, DistinctRowCount - 3);
            int rest = DistinctRowCount - held, validation = Math.Max(1, (int)(ValidationFraction * rest));
            return new SplitSizes(rest - validation, validation, held - (held / 2), held / 2);
        }
    }

    internal static Kind<IDataset> Kind { get; } = new(
        "file",
        "the rows of a CSV file with a header, or of a 2-D .npy array",
        [
            Parameter.Text("path", null, "the file, .csv or .npy"),
            Parameter.Json("columns", required: false, "list of column names (CSV) or indices (.npy); all when left out"),
            Parameter.Real("test_fraction", 0.2, "share of the distinct rows held out from training", minimum: 0, maximum: 0.9, minimumExclusive: true),
        ],
        Create);

    public DatasetSplit Draw(SplitSizes sizes, ulong seed)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.FileSplit);
        int[] order = Enumerable.Range(0, DistinctRowCount).ToArray();
        stream.Shuffle<int>(order);
        SplitSizes available = Available;
        int next = 0;
        PointSet test = Take(available.Test, sizes.Test), fresh = Take(available.Fresh, sizes.Fresh);
        PointSet validation = Take(available.Validation, sizes.Validation), training = Take(available.Training, sizes.Training);
        return new DatasetSplit { Training = training, Validation = validation, Test = test, Fresh = fresh };

        PointSet Take(int distinct, int most)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(most);

            // Shuffled once more, or a part of the set would hold its copies in clumps.
            int[] rows = order.AsSpan(next, distinct).ToArray().SelectMany(i => _copies[i]).ToArray();
            next += distinct;
            stream.Shuffle<int>(rows);
            return new PointSet(rows.Take(most).SelectMany(i => Row(i)).ToArray(), Dimensions);
        }
    }

    private static FileDataset Create(ParameterValues values)
    {
        string path = values.Text("path");
        string[]? columns = values.Json("columns") is { } json
            ? JsonNumbers.List(json, "columns", "a list of column names").Select(ColumnName).ToArray()
            : null;
        if (columns is not null && columns.Distinct(StringComparer.Ordinal).Count() != columns.Length)
            throw JsonNumbers.Wrong(values.Json("columns"), "columns", "distinct names");
        try
        {
            if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
                return new FileDataset(path, NpyFile.Read(path, File.ReadAllBytes(path), columns), values.Real("test_fraction"));
            using StreamReader reader = File.OpenText(path);
            return new FileDataset(path, CsvFile.Read(path, reader, columns), values.Real("test_fraction"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new KindException($"path: {path} can't be read ({e.Message}); allowed: a .csv or .npy file", e);
        }
    }

    private static string ColumnName(JsonNode? node, int index) =>
        node?.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.Number => node.ToJsonString(),
            _ => throw JsonNumbers.Wrong(node, $"columns[{index}]", "a column name"),
        };

    private ArraySegment<double> Row(int index) => new(_values, index * Dimensions, Dimensions);

    /// <summary>Equality of values, so that 0 and -0 are one.</summary>
    private sealed class RowComparer : IEqualityComparer<ArraySegment<double>>
    {
        internal static RowComparer Instance { get; } = new();

        public bool Equals(ArraySegment<double> x, ArraySegment<double> y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ArraySegment<double> obj)
        {
            var hash = default(HashCode);
            foreach (double v in obj)
                hash.Add(v + 0.0);
            return hash.ToHashCode();
        }
    }
}
