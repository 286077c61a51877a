using System.Globalization;
using System.IO.Compression;
using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets.Files;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// digits: 1797 handwritten digits of 8 x 8 pixels from 0 to 16 (Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
/// Repository, its test set, CC BY 4.0; see Data/README.md), without their labels. A pixel v becomes (v + u) / 17 with u uniform on (0, 1), drawn once from
/// definition_seed: of whole numbers no density exists, and three pixels never vary. Fewer than 64 dimensions are the first principal components of all images
/// so made, each with its largest loading positive: part of the definition, not of a trial's fit. Sets are split as for <c>file</c>.
/// </summary>
internal static class Digits
{
    private const int Side = 8;
    private const int Pixels = Side * Side;
    private const double Levels = 17;

    private static readonly Lazy<int[]> Images = new(Read);

    internal static Kind<IDataset> Kind { get; } = new(
        "digits",
        "1797 handwritten digits of 8 x 8 pixels",
        [
            Parameter.Integer("dimensions", Pixels, 1, Pixels, "principal components kept; 64 leaves the pixels as they are"),
            Parameter.Real("test_fraction", 0.2, "share of the images held out from training", minimum: 0, maximum: 0.9, minimumExclusive: true),
            DefinitionParameters.Seed,
            FileDataset.SplitParameter,
        ],
        Create);

    private static FileDataset Create(ParameterValues values)
    {
        PhiloxStream stream = DefinitionParameters.Stream(values);
        double[] images = new double[Images.Value.Length];
        for (int i = 0; i < images.Length; i++)
            images[i] = (Images.Value[i] + stream.NextDouble()) / Levels;
        int dimensions = values.Integer("dimensions");
        string[] names =
            [.. Enumerable.Range(0, dimensions).Select(j => (dimensions == Pixels ? "pixel_" : "component_") + j.ToString(CultureInfo.InvariantCulture))];
        NumericTable table = dimensions == Pixels ? new(names, images) { Image = (Side, Side) } : new(names, Components(images, dimensions));
        return new FileDataset("digits", table, values.Real("test_fraction"), FileDataset.SplitOf(values));
    }

    /// <summary>Scores of the leading principal components, row-major (n, dimensions), about the mean image.</summary>
    private static double[] Components(double[] images, int dimensions)
    {
        var x = Matrix<double>.Build.DenseOfRowMajor(images.Length / Pixels, Pixels, images);
        var mean = x.ColumnSums() / x.RowCount;
        for (int i = 0; i < x.RowCount; i++)
            x.SetRow(i, x.Row(i) - mean);
        var vectors = (x.TransposeThisAndMultiply(x) / x.RowCount).Evd(Symmetricity.Symmetric).EigenVectors;

        // MathNet orders eigenvalues increasingly.
        var leading = Matrix<double>.Build.DenseOfColumnVectors(Enumerable.Range(0, dimensions).Select(k =>
        {
            var vector = vectors.Column(Pixels - 1 - k);
            return vector[vector.AbsoluteMaximumIndex()] < 0 ? -vector : vector;
        }));
        return (x * leading).ToRowMajorArray();
    }

    /// <summary>(1797, 64), the labels left out.</summary>
    private static int[] Read()
    {
        using Stream resource = typeof(Digits).Assembly.GetManifestResourceStream("digits.csv.gz")
            ?? throw new InvalidOperationException("resource digits.csv.gz: missing; allowed: embedded in the assembly");
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var pixels = new List<int>();
        while (reader.ReadLine() is { } line)
            pixels.AddRange(line.Split(',').Take(Pixels).Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)));
        return [.. pixels];
    }
}
