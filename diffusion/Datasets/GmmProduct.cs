using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// gmm-product: x = A s. The independent s_i cycle through <c>factors</c>; A = Q1 diag(d_i) Q2 with uniformly random orthogonal Q1, Q2 and d_i geometric
/// from sqrt(condition) to 1/sqrt(condition), so |det A| = 1. In one dimension A is 1 or -1.
/// <para><c>factors</c> is a list of one-dimensional mixtures, each a list of <c>{weight, mean, std}</c>; of the weights (default 1) only the
/// ratios within a mixture count.</para>
/// </summary>
internal static class GmmProduct
{
    private static readonly (double Weight, double Mean, double Std)[][] DefaultFactors =
    [
        [(0.5, -1, 0.2), (0.5, 1, 0.2)],
        [(0.3, -1.2, 0.15), (0.7, 0.6, 0.3)],
        [(0.25, -1.3, 0.15), (0.5, 0, 0.15), (0.25, 1.3, 0.15)],
        [(0.6, -0.8, 0.25), (0.4, 1.2, 0.15)],
    ];

    private static readonly string[] ComponentKeys = ["weight", "mean", "std"];

    internal static Kind<IDataset> Kind { get; } = new(
        "gmm-product",
        "independent one-dimensional mixtures, linearly mixed",
        [
            DefinitionParameters.Dimensions(2),
            Parameter.Real("condition", 3, "condition number of the mixing matrix", minimum: 1, maximum: 1e6),
            Parameter.Json("factors", required: false, "list of one-dimensional mixtures, each a list of {weight, mean, std}; the dimensions cycle through it"),
            DefinitionParameters.Seed,
        ],
        Create);

    private static ProductDataset Create(ParameterValues values)
    {
        int d = values.Integer("dimensions");
        PhiloxStream stream = DefinitionParameters.Stream(values);
        double[] q1 = RandomOrthogonal.Draw(ref stream, d);
        double[] q2 = RandomOrthogonal.Draw(ref stream, d);
        double[] mixing = new double[d * d], unmixing = new double[d * d];
        double logAbsDeterminant = 0;
        for (int m = 0; m < d; m++)
        {
            double exponent = d == 1 ? 0 : 0.5 - ((double)m / (d - 1));
            double scale = Math.Pow(values.Real("condition"), exponent);
            logAbsDeterminant += Math.Log(scale);
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    mixing[(i * d) + j] += q1[(i * d) + m] * scale * q2[(m * d) + j];
                    unmixing[(i * d) + j] += q2[(m * d) + i] / scale * q1[(j * d) + m];
                }
            }
        }

        GaussianMixture[] choices = values.Json("factors") is { } json ? Read(json) : Array.ConvertAll(DefaultFactors, Factor);
        GaussianMixture[] factors = Enumerable.Range(0, d).Select(i => choices[i % choices.Length]).ToArray();
        return new ProductDataset(new ProductMixture(factors, mixing, unmixing, logAbsDeterminant));
    }

    private static GaussianMixture Factor((double Weight, double Mean, double Std)[] components) =>
        GaussianMixture.Isotropic(
            Array.ConvertAll(components, c => c.Weight), Array.ConvertAll(components, c => c.Mean), Array.ConvertAll(components, c => c.Std));

    private static GaussianMixture[] Read(JsonNode json) =>
        JsonNumbers.List(json, "factors", "a list of mixtures")
            .Select((mixture, i) => Factor(JsonNumbers.List(mixture, $"factors[{i}]", "a list of {weight, mean, std}")
                .Select((component, k) => ReadComponent(component, $"factors[{i}][{k}]"))
                .ToArray()))
            .ToArray();

    private static (double Weight, double Mean, double Std) ReadComponent(JsonNode? json, string where)
    {
        if (json is not JsonObject component)
            throw JsonNumbers.Wrong(json, where, "{weight, mean, std}");
        foreach (string key in component.Select(pair => pair.Key))
        {
            if (!ComponentKeys.Contains(key, StringComparer.Ordinal))
                throw new KindException($"{where}: unknown key {key}; allowed: {string.Join(", ", ComponentKeys)}");
        }

        return (
            component.ContainsKey("weight") ? JsonNumbers.Positive(component["weight"], $"{where}.weight") : 1,
            JsonNumbers.Number(component["mean"], $"{where}.mean"),
            JsonNumbers.Positive(component["std"], $"{where}.std"));
    }
}
