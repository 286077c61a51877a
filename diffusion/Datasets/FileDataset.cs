using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets.Files;
using Sweep.Diffusion.Files;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// file: the rows of a table (see <see cref="TableFile"/>). The path is relative to the current directory. The trial's seed shuffles the distinct rows;
/// <c>test_fraction</c> of them are held out, half for Test and half for Fresh; a tenth of the rest is for Validation and the others are for
/// Training. Copies of a row all go where the row goes, so that no set holds a row of another. A set that has more rows than asked for gives a random part of
/// them, one that has fewer gives all. Each set has at least one row, and Test, Fresh and Training at least two, which their metrics need.
/// <c>split</c> says whether seeds share the rows that are held out: see <see cref="RowSplit"/>.
/// </summary>
public sealed class FileDataset : IDataset
{
    /// <summary>Two rows each for Training, Test and Fresh, one for Validation, and one to spare.</summary>
    internal const int MinimumDistinctRows = 8;

    /// <summary>Distinct rows that a split needs, and so does what a split that holds rows out leaves to hold some out again.</summary>
    public static int MinRowsToHoldOut => MinimumDistinctRows;

    private const double ValidationFraction = 0.1;
    private const string MissingError = "error";
    private const string MissingDrop = "drop";

    /// <summary>By <see cref="RowSplit"/>.</summary>
    private static readonly string[] SplitNames = ["seeds", "held-out", "validation"];

    private readonly double[] _values;
    private readonly int[][] _copies;
    private readonly double _testFraction;
    private readonly int[] _shuffled;

    internal FileDataset(string path, NumericTable table, double testFraction, RowSplit split = RowSplit.Seeds)
    {
        _values = table.Values;
        _testFraction = testFraction;
        Split = split;
        ColumnNames = table.Columns;
        DroppedRowCount = table.DroppedRows;
        Guesses = table.Guesses;
        Image = table.Image;
        _copies = Enumerable.Range(0, RowCount)
            .GroupBy(Row, RowComparer.Instance)
            .Select(group => group.ToArray())
            .ToArray();
        if (_copies.Length < MinimumDistinctRows)
            throw new KindException($"{path}: {_copies.Length} distinct rows; allowed: at least {MinimumDistinctRows}");
        if (split == RowSplit.Validation && !MayHoldOutTwice)
        {
            throw new KindException(
                $"{path}: {_copies.Length} distinct rows, of which {_copies.Length - HeldOutRowCount} aren't held out for test; allowed: at least "
                + $"{MinimumDistinctRows} of them, to hold out some again");
        }

        _shuffled = Enumerable.Range(0, DistinctRowCount).ToArray();
        new PhiloxStream(0, NoisePurpose.HeldOutRows).Shuffle<int>(_shuffled);
    }

    /// <summary>The parameter that says how rows are split.</summary>
    public static Parameter SplitParameter { get; } = Parameter.Choice(
        "split", SplitNames[0], SplitNames,
        "which rows are for test: each seed's own; the same ones held out for every seed; or, with those left out, each seed's own of the rest")
        .OmittedAt(SplitNames[0]);

    /// <summary>What <see cref="SplitParameter"/> calls it.</summary>
    public static string NameOf(RowSplit split) => SplitNames[(int)split];

    /// <summary>How seeds share the rows that are held out.</summary>
    public RowSplit Split { get; }

    /// <summary>Distinct rows that are held out for test, half of them for Fresh.</summary>
    public int HeldOutRowCount => HeldOut(DistinctRowCount);

    /// <summary>Whether enough rows are left beside those held out for test that some can be held out again.</summary>
    public bool MayHoldOutTwice => DistinctRowCount - HeldOutRowCount >= MinimumDistinctRows;

    /// <summary>Rows in the file, copies included.</summary>
    public int RowCount => _values.Length / Dimensions;

    /// <summary>Rows that differ.</summary>
    public int DistinctRowCount => _copies.Length;

    /// <summary>Rows of the file that were left out, as they lack a value.</summary>
    public int DroppedRowCount { get; }

    /// <summary>What was guessed of the file's format, in words.</summary>
    public IReadOnlyList<string> Guesses { get; }

    /// <summary>Height and width of rows that are images; null when they are none.</summary>
    public (int Height, int Width)? Image { get; }

    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>All rows, as the file has them.</summary>
    public PointSet Rows => new(_values, Dimensions) { ColumnNames = ColumnNames };

    public int Dimensions => ColumnNames.Count;

    public IDensity? Density => null;

    public IModes? Modes => null;

    public bool IsFinite => true;

    /// <inheritdoc/>
    public int? ImageSide => Image is (int height, int width) && height == width ? height : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => DroppedRowCount == 0
        ? []
        : [$"{DroppedRowCount} of {RowCount + DroppedRowCount} rows of the file {(DroppedRowCount == 1 ? "lacks a value and was" : "lack a value and were")} "
            + $"dropped (missing: drop)."];

    /// <summary>One of each of the rows that differ: what the split is made of.</summary>
    public PointSet DistinctRows => new([.. _copies.SelectMany(copies => Row(copies[0]))], Dimensions) { ColumnNames = ColumnNames };

    /// <summary>How many distinct rows each set has to give.</summary>
    public SplitSizes Available
    {
        get
        {
            int rows = Split == RowSplit.Validation ? DistinctRowCount - HeldOutRowCount : DistinctRowCount;
            int held = HeldOut(rows), rest = rows - held, validation = Math.Max(1, (int)(ValidationFraction * rest));
            return new SplitSizes(rest - validation, validation, held - (held / 2), held / 2);
        }
    }

    internal static Kind<IDataset> Kind { get; } = new(
        "file",
        "points of a file: CSV, .npy, .npz or Parquet",
        [
            Parameter.Text("path", null, "the file, relative to the spec's folder; CSV and .npy also as .gz"),
            Parameter.Json("columns", required: false, "list of column names, or of indices where there are no names; all when left out"),
            Parameter.Json("except", required: false, "list of columns that are left out"),
            Parameter.OptionalText("key", "the array of an .npz that has several"),
            Parameter.OptionalText("delimiter",
                "what separates the fields of a CSV: one character, or comma, semicolon, tab, bar, space (any number of blanks); guessed when left out"),
            Parameter.OptionalText("decimal", "the decimal sign of a CSV, \".\" or \",\"; guessed when left out"),
            Parameter.Flag("header", true, "whether a CSV begins with a line of names").OmittedAt(true),
            Parameter.Choice("missing", MissingError, [MissingError, MissingDrop], "a row that lacks a value: an error, or left out").OmittedAt(MissingError),
            Parameter.Real("test_fraction", 0.2, "share of the distinct rows held out from training", minimum: 0, maximum: 0.9, minimumExclusive: true),
            SplitParameter,
        ],
        Create);

    public DatasetSplit Draw(SplitSizes sizes, ulong seed)
    {
        // What every seed holds out is taken by a stream that is no seed's.
        PhiloxStream ofSeed = new(seed, NoisePurpose.FileSplit), ofAll = new(1, NoisePurpose.HeldOutRows);
        int shared = Split == RowSplit.Seeds ? 0 : HeldOutRowCount;
        int[] order = Split == RowSplit.Seeds ? Enumerable.Range(0, DistinctRowCount).ToArray() : [.. _shuffled];
        ofSeed.Shuffle(order.AsSpan(shared));
        SplitSizes available = Available;
        int next = Split == RowSplit.Validation ? shared : 0;
        PointSet test, fresh;
        if (Split == RowSplit.HeldOut)
            (test, fresh) = (Take(ref ofAll, available.Test, sizes.Test), Take(ref ofAll, available.Fresh, sizes.Fresh));
        else
            (test, fresh) = (Take(ref ofSeed, available.Test, sizes.Test), Take(ref ofSeed, available.Fresh, sizes.Fresh));
        PointSet validation = Take(ref ofSeed, available.Validation, sizes.Validation), training = Take(ref ofSeed, available.Training, sizes.Training);
        return new DatasetSplit { Training = training, Validation = validation, Test = test, Fresh = fresh };

        PointSet Take(ref PhiloxStream stream, int distinct, int most)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(most);

            // Shuffled once more, or a part of the set would hold its copies in clumps.
            int[] rows = order.AsSpan(next, distinct).ToArray().SelectMany(i => _copies[i]).ToArray();
            next += distinct;
            stream.Shuffle<int>(rows);
            return new PointSet(rows.Take(most).SelectMany(i => Row(i)).ToArray(), Dimensions) { ColumnNames = ColumnNames };
        }
    }

    /// <summary>What a kind's parameters say of how rows are split.</summary>
    internal static RowSplit SplitOf(ParameterValues values) =>
        values.Has(SplitParameter.Name) ? (RowSplit)Array.IndexOf(SplitNames, values.Text(SplitParameter.Name)) : RowSplit.Seeds;

    /// <summary>Of so many distinct rows.</summary>
    private int HeldOut(int rows) => Math.Clamp((int)Math.Round(_testFraction * rows), 4, rows - 3);

    private static FileDataset Create(ParameterValues values)
    {
        string path = values.Text("path");
        string[]? columns = Names(values, "columns"), except = Names(values, "except");
        if (columns is not null && except is not null)
            throw new KindException("except: beside columns; allowed: one of them");
        var options = new TableOptions
        {
            Columns = columns,
            Except = except,
            Key = values.Has("key") ? values.Text("key") : null,
            Delimiter = values.Has("delimiter") ? Delimiter(values.Text("delimiter")) : null,
            Decimal = values.Has("decimal") ? Decimal(values.Text("decimal")) : null,
            Header = !values.Has("header") || values.Flag("header"),
            DropMissing = values.Has("missing") && values.Text("missing") == MissingDrop,
        };
        if (options.Decimal is { } sign && sign == options.Delimiter)
            throw new KindException($"decimal: {sign}, which is the delimiter; allowed: two characters");
        try
        {
            return new FileDataset(path, TableFile.Read(path, options), values.Real("test_fraction"), SplitOf(values));
        }
        catch (NotRegularFileException e)
        {
            throw new KindException($"path: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new KindException($"path: {path} can't be read ({e.Message}); allowed: {TableFile.Allowed}", e);
        }
    }

    private static char Delimiter(string text) => text switch
    {
        "comma" => ',',
        "semicolon" => ';',
        "tab" => '\t',
        "bar" => '|',
        "space" => ' ',
        [var c] when !char.IsLetterOrDigit(c) && !char.IsSurrogate(c) && c is not ('"' or '\r' or '\n' or '.' or '-' or '+' or '#') => c,
        _ => throw new KindException($"delimiter: {text}; allowed: one character that no number has, or comma, semicolon, tab, bar, space"),
    };

    private static char Decimal(string text) => text is "." or "," ? text[0] : throw new KindException($"decimal: {text}; allowed: \".\" or \",\"");

    private static string[]? Names(ParameterValues values, string parameter)
    {
        if (values.Json(parameter) is not { } json)
            return null;
        string[] names = [.. JsonNumbers.List(json, parameter, "a list of column names").Select((node, i) => ColumnName(node, parameter, i))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length ? names : throw JsonNumbers.Wrong(json, parameter, "distinct names");
    }

    private static string ColumnName(JsonNode? node, string parameter, int index) =>
        node?.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.Number => node.ToJsonString(),
            _ => throw JsonNumbers.Wrong(node, $"{parameter}[{index}]", "a column name"),
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
