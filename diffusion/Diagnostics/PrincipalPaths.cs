using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// A model's probability-flow paths along the data's principal components (Wang and Vastola, arXiv 2412.09726; there with the closed form of one Gaussian).
/// With y = x / a, a component of variance lambda, and the last level sigma_e:
/// <list type="bullet">
/// <item><b>emergence</b>: how much of a path's end along the component x0-hat has at sigma: the least-squares coefficient, over paths, of the one on the
/// other, which a network's own errors leave alone where they have nothing to do with the end. Of the Gaussian it is
/// sqrt((lambda + sigma_e^2) / (lambda + sigma^2)), one half at sigma^2 = 3 lambda + 4 sigma_e^2: large components emerge first;</item>
/// <item><b>perturbation</b>: what becomes at the end of a small step along the component at sigma, along it and relative to the step: of the Gaussian the same
/// number, so that what is decided can't be moved any more;</item>
/// <item><b>plane</b>: the share of the squared distance from the mean that lies outside the plane through the mean, the path's first point and its last one,
/// and beside it that outside the plane of another path.</item>
/// </list>
/// </summary>
public sealed record PrincipalPaths
{
    /// <summary>Half-width of a perturbation, in standard deviations of the noisy data along the component.</summary>
    private const double Step = 0.05;

    /// <summary>Paths that are perturbed at most.</summary>
    public const int MaxPerturbed = 256;

    /// <summary>Of neighbouring levels, which eight of Heun's steps lie between.</summary>
    private const double MaxRatio = 4;

    /// <summary>Components whose variances are nearer than this ratio have no order.</summary>
    private const double LeastRatio = 1.2;

    /// <summary>Of ln sigma, between components that emerge together.</summary>
    private const double SameSigma = 0.01;

    /// <summary>The largest variance over the least that a slope takes.</summary>
    private const double LeastRange = 2;

    public required PrincipalAxes Axes { get; init; }

    /// <summary>By component, then by level as asked for: x0-hat's share of the path's end.</summary>
    public required double[][] Emerged { get; init; }

    /// <summary>By component: the sigma at which half of the end is there, by interpolation in ln sigma; null where it is from the start.</summary>
    public required double?[] EmergenceSigmas { get; init; }

    /// <summary>By component, then by level: the end's displacement along the component over the perturbation's. Empty where it was not asked for.</summary>
    public required double[][] Perturbed { get; init; }

    /// <summary>By level: the share outside the path's own plane.</summary>
    public required double[] OutOfPlane { get; init; }

    /// <summary>By level: the share outside the next path's plane.</summary>
    public required double[] OutOfOthersPlane { get; init; }

    /// <summary>
    /// Kendall's tau of variances and emergence sigmas, over pairs of components whose variances differ by a fifth or more: 1 when the larger always emerges
    /// first. Two within a hundredth of one sigma emerge together, and count as 0. Null without a pair.
    /// </summary>
    public double? Order
    {
        get
        {
            int pairs = 0, sum = 0;
            for (int i = 0; i < EmergenceSigmas.Length; i++)
            {
                for (int j = i + 1; j < EmergenceSigmas.Length; j++)
                {
                    if (EmergenceSigmas[i] is not { } larger || EmergenceSigmas[j] is not { } smaller || Axes.Variances[i] < LeastRatio * Axes.Variances[j])
                        continue;
                    pairs++;
                    sum += Math.Abs(Math.Log(larger / smaller)) < SameSigma ? 0 : Math.Sign(larger - smaller);
                }
            }

            return pairs == 0 ? null : (double)sum / pairs;
        }
    }

    /// <summary>
    /// The slope of ln emergence sigma against the ln of a component's standard deviation: 1 of a Gaussian, 0 where all emerge together. Null where variances
    /// differ by less than a factor of two.
    /// </summary>
    public double? Slope
    {
        get
        {
            (double X, double Y)[] points = [.. EmergenceSigmas.Select((s, k) => (Axes.Variances[k], s))
                .Where(p => p is { s: not null, Item1: > 0 }).Select(p => (Math.Log(p.Item1) / 2, Math.Log(p.s!.Value)))];
            if (points.Length < 2 || 2 * (points.Max(p => p.X) - points.Min(p => p.X)) < Math.Log(LeastRange))
                return null;
            double x = points.Average(p => p.X), y = points.Average(p => p.Y);
            return points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
        }
    }

    /// <summary>The closed form of a Gaussian's emergence and perturbation, from a level to the last one.</summary>
    public static double OfGaussian(double variance, double sigma, double last) => Math.Sqrt((variance + (last * last)) / (variance + (sigma * sigma)));

    /// <param name="denoiser">Of latent points.</param>
    /// <param name="axes">Of the latent training points.</param>
    /// <param name="schedule">Gives levels their scaling, and the last one: its least noise.</param>
    /// <param name="first">Where paths begin.</param>
    /// <param name="levels">Descending, with noise, between the first and the schedule's least.</param>
    /// <param name="initial">Row-major (n, d), at the first level; n at least 2.</param>
    /// <param name="perturb">False to leave <see cref="Perturbed"/> empty.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Looked at between levels.</param>
    public static PrincipalPaths Measure(
        IDenoiser denoiser, PrincipalAxes axes, ISchedule schedule, NoiseLevel first, IReadOnlyList<NoiseLevel> levels, double[] initial,
        bool perturb = true, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(initial);
        NoiseLevel last = schedule.AtSigma(NoiseRange.Of(schedule).SigmaMin);
        (IReadOnlyList<NoiseLevel> grid, int[] at) = Through(schedule, first, [.. levels, last]);
        var along = new double[axes.Places.Count][][];
        for (int k = 0; k < along.Length; k++)
            along[k] = new double[grid.Count][];
        double[][] states = new double[at.Length][];
        int step = 0;
        foreach (ReverseState state in new Heun().Sample(denoiser, grid, initial, new PhiloxNoise(0)))
        {
            cancellation.ThrowIfCancellationRequested();
            for (int k = 0; k < along.Length; k++)
                along[k][step] = Along(axes, k, state.X0Hat);
            for (int i = 0; i < at.Length; i++)
            {
                if (at[i] == step)
                    states[i] = [.. state.X];
            }

            step++;
        }

        double[][] shares = [.. along.Select(a => a.Select(x => Coefficient(x, a[^1])).ToArray())];
        var perturbed = new double[perturb ? along.Length : 0][];
        for (int k = 0; k < perturbed.Length; k++)
        {
            perturbed[k] = new double[levels.Count];
            for (int i = 0; i < levels.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke(((k * levels.Count) + i) / (double)(along.Length * levels.Count));
                perturbed[k][i] = Response(denoiser, axes, k, [.. grid.Skip(at[i])], states[i]);
            }
        }

        double[] start = Centred(axes, initial, first), end = Centred(axes, states[^1], last);
        return new PrincipalPaths
        {
            Axes = axes,
            Emerged = [.. shares.Select(s => levels.Select((_, i) => s[at[i]]).ToArray())],
            EmergenceSigmas = [.. shares.Select(s => Crossing(grid, s))],
            Perturbed = perturbed,
            OutOfPlane = [.. levels.Select((l, i) => Outside(Centred(axes, states[i], l), start, end, axes.Mean.Length, 0))],
            OutOfOthersPlane = [.. levels.Select((l, i) => Outside(Centred(axes, states[i], l), start, end, axes.Mean.Length, 1))],
        };
    }

    /// <summary><see cref="ExplainedPath.Through"/>, with levels put in between where neighbours are far apart.</summary>
    private static (IReadOnlyList<NoiseLevel> Grid, int[] At) Through(ISchedule schedule, NoiseLevel first, NoiseLevel[] levels)
    {
        var dense = new List<NoiseLevel>();
        int[] places = new int[levels.Length];
        double from = first.Sigma;
        for (int i = 0; i < levels.Length; i++)
        {
            double ratio = from / levels[i].Sigma;
            int parts = (int)Math.Ceiling(Math.Log(Math.Max(1, ratio)) / Math.Log(MaxRatio));
            for (int k = 1; k < parts; k++)
                dense.Add(schedule.AtSigma(from * Math.Pow(ratio, -(double)k / parts)));
            places[i] = dense.Count;
            dense.Add(levels[i]);
            from = levels[i].Sigma;
        }

        (IReadOnlyList<NoiseLevel> grid, int[] at) = ExplainedPath.Through(schedule, first, dense);
        return (grid, [.. places.Select(p => at[p])]);
    }

    /// <summary>Each row's coordinate along a component.</summary>
    private static double[] Along(PrincipalAxes axes, int component, double[] rows)
    {
        int d = axes.Mean.Length;
        double[] along = new double[rows.Length / d];
        for (int row = 0; row < along.Length; row++)
            along[row] = axes.Along(component, rows.AsSpan(row * d, d));
        return along;
    }

    /// <summary>The least-squares coefficient of values on those at the end.</summary>
    private static double Coefficient(double[] values, double[] end)
    {
        double mean = values.Average(), last = end.Average(), together = 0, own = 0;
        for (int i = 0; i < end.Length; i++)
        {
            together += (values[i] - mean) * (end[i] - last);
            own += (end[i] - last) * (end[i] - last);
        }

        return together / own;
    }

    /// <summary>Where the share first passes one half.</summary>
    private static double? Crossing(IReadOnlyList<NoiseLevel> grid, double[] shares)
    {
        for (int i = 1; i < shares.Length; i++)
        {
            if (shares[i - 1] < 0.5 && shares[i] >= 0.5)
            {
                double part = (0.5 - shares[i - 1]) / (shares[i] - shares[i - 1]);
                return grid[i - 1].Sigma * Math.Pow(grid[i].Sigma / grid[i - 1].Sigma, part);
            }
        }

        return null;
    }

    private static double Response(IDenoiser denoiser, PrincipalAxes axes, int component, IReadOnlyList<NoiseLevel> rest, double[] states)
    {
        // At the last level nothing happens any more.
        if (rest.Count == 1)
            return 1;
        int d = axes.Mean.Length, n = Math.Min(states.Length / d, MaxPerturbed);
        NoiseLevel level = rest[0], last = rest[^1];
        double width = Step * Math.Sqrt(axes.Variances[component] + (level.Sigma * level.Sigma));

        // Rows once with the step added and once with it taken away.
        double[] both = new double[2 * n * d];
        for (int i = 0; i < both.Length; i++)
            both[i] = states[i % (n * d)] + ((i < n * d ? 1 : -1) * level.Signal * width * axes.Vectors[component][i % d]);
        double[] ends = new Heun().Sample(denoiser, rest, both, new PhiloxNoise(0)).Last().X;
        double sum = 0;
        for (int i = 0; i < n * d; i += d)
            sum += axes.Along(component, ends.AsSpan(i, d)) - axes.Along(component, ends.AsSpan((n * d) + i, d));
        return sum / (2 * n * width * last.Signal);
    }

    /// <summary>x / a less the mean.</summary>
    private static double[] Centred(PrincipalAxes axes, double[] states, NoiseLevel level)
    {
        double[] centred = new double[states.Length];
        for (int i = 0; i < centred.Length; i++)
            centred[i] = (states[i] / level.Signal) - axes.Mean[i % axes.Mean.Length];
        return centred;
    }

    /// <summary>The share of the rows' squared length outside the planes of first and last points, <paramref name="shift"/> rows on.</summary>
    private static double Outside(double[] rows, double[] start, double[] end, int d, int shift)
    {
        double outside = 0, total = 0;
        int n = rows.Length / d;
        double[] u = new double[d], v = new double[d];
        for (int row = 0; row < n; row++)
        {
            int other = (row + shift) % n * d;
            start.AsSpan(other, d).CopyTo(u);
            end.AsSpan(other, d).CopyTo(v);
            Scale(u, Dot(u, u));
            double overlap = Dot(u, v);
            for (int j = 0; j < d; j++)
                v[j] -= overlap * u[j];
            Scale(v, Dot(v, v));
            ReadOnlySpan<double> x = rows.AsSpan(row * d, d);
            double squared = Dot(x, x), inU = Dot(x, u), inV = Dot(x, v);
            total += squared;
            outside += Math.Max(0, squared - (inU * inU) - (inV * inV));
        }

        return outside / total;

        static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            double sum = 0;
            for (int j = 0; j < a.Length; j++)
                sum += a[j] * b[j];
            return sum;
        }

        static void Scale(double[] vector, double squared)
        {
            double by = squared > 0 ? 1 / Math.Sqrt(squared) : 0;
            for (int j = 0; j < vector.Length; j++)
                vector[j] *= by;
        }
    }
}
