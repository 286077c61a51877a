using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// gmm: a mixture written out. <c>means</c> is a list of points. <c>covariances</c> has one entry per mean: a number v for v I (a variance, not a
/// standard deviation), a list for a diagonal, or a list of lists for a matrix. <c>weights</c> is a list of numbers greater than 0 of which only the ratios
/// count; without it the components weigh the same.
/// </summary>
internal static class Gmm
{
    /// <summary>How far a written-out covariance may be from symmetric, relative to its largest entry: what rounding to print leaves.</summary>
    private const double AsymmetryTolerance = 1e-6;

    internal static Kind<IDataset> Kind { get; } = new(
        "gmm",
        "a Gaussian mixture written out",
        [
            Parameter.Json("weights", required: false, "relative weight of each Gaussian; equal when left out"),
            Parameter.Json("means", required: true, "list of means, each a list of coordinates"),
            Parameter.Json("covariances", required: true, "per mean: a variance, a list of variances or a matrix"),
        ],
        Create);

    private static MixtureDataset Create(ParameterValues values)
    {
        double[][] means = JsonNumbers.List(values.Json("means"), "means", "a list of points")
            .Select((mean, i) => JsonNumbers.Numbers(mean, $"means[{i}]", "a list of numbers"))
            .ToArray();
        int d = means[0].Length;
        for (int i = 0; i < means.Length; i++)
        {
            if (means[i].Length != d)
                throw new KindException($"means[{i}]: {means[i].Length} coordinates; allowed: {d}, as in means[0]");
        }

        double[] weights = values.Json("weights") is { } json ? ReadWeights(json, means.Length) : Enumerable.Repeat(1.0, means.Length).ToArray();
        JsonArray covariances = JsonNumbers.List(values.Json("covariances"), "covariances", "a list with an entry per mean");
        if (covariances.Count != means.Length)
            throw new KindException($"covariances: {covariances.Count} entries; allowed: {means.Length}, one per mean");

        double[] flatMeans = means.SelectMany(m => m).ToArray();
        if (covariances.All(c => c is JsonValue))
        {
            double[] stds = covariances.Select((c, i) => Math.Sqrt(JsonNumbers.Positive(c, $"covariances[{i}]"))).ToArray();
            return new MixtureDataset(GaussianMixture.Isotropic(weights, flatMeans, stds));
        }

        double[][] matrices = covariances.Select((c, i) => ReadCovariance(c, d, $"covariances[{i}]")).ToArray();
        for (int i = 0; i < matrices.Length; i++)
        {
            if (!CholeskyShapes.IsPositiveDefinite(matrices[i], d))
                throw JsonNumbers.Wrong(covariances[i], $"covariances[{i}] is not positive definite", "a symmetric positive definite matrix");
        }

        return new MixtureDataset(GaussianMixture.Full(weights, flatMeans, matrices.SelectMany(m => m).ToArray()));
    }

    private static double[] ReadWeights(JsonNode json, int count)
    {
        double[] weights = JsonNumbers.List(json, "weights", "a list of numbers greater than 0")
            .Select((w, i) => JsonNumbers.Positive(w, $"weights[{i}]"))
            .ToArray();
        return weights.Length == count
            ? weights
            : throw new KindException($"weights: {weights.Length} entries; allowed: {count}, one per mean");
    }

    private static double[] ReadCovariance(JsonNode? json, int d, string where)
    {
        string allowed = $"a variance, {d} variances or a {d} x {d} matrix";
        double[] matrix = new double[d * d];
        if (json is JsonValue)
        {
            double variance = JsonNumbers.Positive(json, where);
            for (int i = 0; i < d; i++)
                matrix[(i * d) + i] = variance;
            return matrix;
        }

        JsonArray rows = JsonNumbers.List(json, where, allowed);
        if (rows.Count != d)
            throw JsonNumbers.Wrong(json, where, allowed);
        for (int i = 0; i < d; i++)
        {
            if (rows[i] is JsonArray row)
            {
                double[] entries = JsonNumbers.Numbers(row, $"{where}[{i}]", $"{d} numbers");
                if (entries.Length != d)
                    throw JsonNumbers.Wrong(row, $"{where}[{i}]", $"{d} numbers");
                entries.CopyTo(matrix, i * d);
            }
            else
            {
                if (rows.Any(r => r is JsonArray))
                    throw JsonNumbers.Wrong(json, where, allowed);
                matrix[(i * d) + i] = JsonNumbers.Positive(rows[i], $"{where}[{i}]");
            }
        }

        double largest = matrix.Max(Math.Abs);
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (!(Math.Abs(matrix[(i * d) + j] - matrix[(j * d) + i]) <= AsymmetryTolerance * largest))
                    throw JsonNumbers.Wrong(json, $"{where} is not symmetric", "a symmetric positive definite matrix");
                matrix[(j * d) + i] = matrix[(i * d) + j];
            }
        }

        return matrix;
    }
}
