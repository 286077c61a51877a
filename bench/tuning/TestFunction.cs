using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Tuning;

namespace Sweep.Bench.Tuning;

/// <summary>
/// A function whose minimum is known, on the unit cube: Branin's of two variables and Hartmann's of six (L. C. W. Dixon and G. P. Szegö, Towards Global
/// Optimisation 2, 1978), on which tuners are measured.
/// </summary>
internal sealed record TestFunction(int Dimensions, double Minimum, Func<IReadOnlyList<double>, double> Value)
{
    private static readonly double[] HartmannWeights = [1, 1.2, 3, 3.2];

    private static readonly double[][] HartmannScales =
        [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];

    private static readonly double[][] HartmannCentres =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    public static TestFunction Named(string name) => name switch
    {
        "branin" => new TestFunction(2, 0.397887357729738, Branin),
        "hartmann6" => new TestFunction(6, -3.32236801141551, Hartmann),
        _ => throw new ArgumentException($"{name}; allowed: branin, hartmann6", nameof(name)),
    };

    /// <summary>How far the best of so many trials is above the minimum: the first ten at random, the others by the estimator in batches.</summary>
    public double Regret(int trials, int batch, ulong seed)
    {
        ParzenDimension[] space = new ParzenDimension[Dimensions];
        List<ParzenTrial> tried = [.. Random(Math.Min(10, trials), seed)];
        while (tried.Count < trials)
        {
            // Those of a batch see nothing of each other but where they are.
            List<ParzenTrial> pending = [];
            for (int i = 0; i < batch && tried.Count + pending.Count < trials; i++)
            {
                PhiloxStream stream = new(seed, NoisePurpose.TuningPoints, (uint)(tried.Count + i));
                pending.Add(new ParzenTrial(TreeParzen.Suggest(space, [.. tried, .. pending], ref stream)[0], null));
            }

            tried.AddRange(pending.Select(p => p with { Loss = Value(p.Point) }));
        }

        return tried.Min(t => t.Loss!.Value) - Minimum;
    }

    /// <summary>The same of random points alone.</summary>
    public double RandomRegret(int trials, ulong seed) => Random(trials, seed + (1UL << 32)).Min(t => t.Loss!.Value) - Minimum;

    private List<ParzenTrial> Random(int count, ulong seed)
    {
        PhiloxStream stream = new(seed, NoisePurpose.TuningPoints, uint.MaxValue);
        List<ParzenTrial> trials = [];
        for (int i = 0; i < count; i++)
        {
            double[] point = new double[Dimensions];
            for (int d = 0; d < Dimensions; d++)
                point[d] = stream.NextDouble();
            trials.Add(new ParzenTrial(point, Value(point)));
        }

        return trials;
    }

    private static double Branin(IReadOnlyList<double> unit)
    {
        double x = (15 * unit[0]) - 5, y = 15 * unit[1];
        double bend = y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6;
        return (bend * bend) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10;
    }

    private static double Hartmann(IReadOnlyList<double> x)
    {
        double sum = 0;
        for (int i = 0; i < HartmannWeights.Length; i++)
        {
            double distance = 0;
            for (int j = 0; j < x.Count; j++)
                distance += HartmannScales[i][j] * (x[j] - HartmannCentres[i][j]) * (x[j] - HartmannCentres[i][j]);
            sum -= HartmannWeights[i] * Math.Exp(-distance);
        }

        return sum;
    }
}
