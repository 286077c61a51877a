using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// EDM's stochastic sampler (Karras et al., arXiv 2206.00364, algorithm 2): before a step from sigma within [tmin, tmax] the noise is raised to
/// (1 + gamma) sigma, gamma = min(churn / steps, sqrt(2) - 1), then Heun's step is taken. Other scalings than EDM's are sampled in y = x / alpha.
/// The default s_noise is 1, not the paper's 1.003, which makes up for what image networks take away too much.
/// </summary>
public sealed class EdmStochastic : ISampler
{
    private static readonly double LargestGamma = Math.Sqrt(2) - 1;

    private readonly double _churn;
    private readonly double _tmin;
    private readonly double _tmax;
    private readonly double _noiseScale;

    public EdmStochastic(double churn = 40, double tmin = 0.05, double tmax = 50, double noiseScale = 1)
    {
        if (!(churn >= 0))
            throw new KindException($"edm-stochastic: s_churn {churn}; allowed: 0 or more");
        if (!(tmin >= 0 && tmax >= tmin))
            throw new KindException($"edm-stochastic: s_tmin {tmin}, s_tmax {tmax}; allowed: 0 <= s_tmin <= s_tmax");
        if (!(noiseScale > 0))
            throw new KindException($"edm-stochastic: s_noise {noiseScale}; allowed: greater than 0");
        _churn = churn;
        _tmin = tmin;
        _tmax = tmax;
        _noiseScale = noiseScale;
    }

    public static Kind<ISampler> Kind { get; } = new(
        "edm-stochastic",
        "EDM's stochastic sampler: noise added before each of Heun's steps",
        [
            Parameter.Real("s_churn", 40, "noise added, in all", minimum: 0, maximum: 1e6),
            Parameter.Real("s_tmin", 0.05, "least sigma at which noise is added", minimum: 0, maximum: 1e6),
            Parameter.Real("s_tmax", 50, "most sigma at which noise is added", minimum: 0, maximum: 1e6),
            Parameter.Real("s_noise", 1, "standard deviation of the added noise", minimum: 0, maximum: 10, minimumExclusive: true),
        ],
        p => new EdmStochastic(p.Real("s_churn"), p.Real("s_tmin"), p.Real("s_tmax"), p.Real("s_noise")));

    /// <inheritdoc/>
    public DeterministicTwin? Twin => _churn > 0 ? new(new Heun(), "heun") : null;

    /// <inheritdoc/>
    public IEnumerable<ReverseState> Sample(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        SamplerArguments.RequireGrid(grid);
        return Run(denoiser, grid, initial, noise);
    }

    private IEnumerable<ReverseState> Run(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise)
    {
        double[] x = [.. initial];
        var x0Hat = new double[x.Length];
        var predicted = new double[x.Length];
        var predictedX0Hat = new double[x.Length];
        int evaluations = 0;
        for (int step = 0; step < grid.Count; step++)
        {
            denoiser.Denoise(x, grid[step], x0Hat);
            yield return new ReverseState { Step = step, Level = grid[step], X = x, X0Hat = x0Hat, Evaluations = evaluations };
            if (step + 1 == grid.Count)
                yield break;

            NoiseLevel from = grid[step];
            NoiseLevel to = grid[step + 1];
            double gamma = Gamma(from.Sigma, grid.Count - 1);
            if (gamma > 0)
            {
                noise.Fill(step + 1, denoiser.Dimensions, predicted);
                NoiseLevel raised = SamplerArguments.AtSigma(from, (1 + gamma) * from.Sigma);
                Raise(x, from, raised, predicted);
                from = raised;
                denoiser.Denoise(x, from, x0Hat);
            }

            evaluations++;
            EulerStep(x, x0Hat, from, to, predicted);
            if (to.Noise > 0)
            {
                denoiser.Denoise(predicted, to, predictedX0Hat);
                evaluations++;
                Correct(x, x0Hat, from, to, predicted, predictedX0Hat);
            }
            else
            {
                predicted.CopyTo(x, 0);
            }
        }
    }

    private double Gamma(double sigma, int steps) => sigma >= _tmin && sigma <= _tmax ? Math.Min(_churn / steps, LargestGamma) : 0;

    /// <summary>Adds noise of variance sigma_to^2 - sigma_from^2 in y.</summary>
    private void Raise(double[] x, NoiseLevel from, NoiseLevel to, double[] z)
    {
        double state = to.Signal / from.Signal;
        double added = _noiseScale * to.Signal * Math.Sqrt((to.Sigma * to.Sigma) - (from.Sigma * from.Sigma));
        for (int i = 0; i < x.Length; i++)
            x[i] = (state * x[i]) + (added * z[i]);
    }

    private static void EulerStep(double[] x, double[] x0Hat, NoiseLevel from, NoiseLevel to, double[] next)
    {
        double state = to.Noise / from.Noise;
        double clean = to.Signal - (state * from.Signal);
        for (int i = 0; i < x.Length; i++)
            next[i] = (state * x[i]) + (clean * x0Hat[i]);
    }

    /// <summary>Algorithm 1, lines 6 to 8: the trapezoid of the slopes (y - x0-hat) / sigma at both ends.</summary>
    private static void Correct(double[] x, double[] x0Hat, NoiseLevel from, NoiseLevel to, double[] predicted, double[] predictedX0Hat)
    {
        double halfStep = 0.5 * (to.Sigma - from.Sigma);
        for (int i = 0; i < x.Length; i++)
        {
            double y = x[i] / from.Signal;
            double slope = (y - x0Hat[i]) / from.Sigma;
            double slopeThere = ((predicted[i] / to.Signal) - predictedX0Hat[i]) / to.Sigma;
            x[i] = to.Signal * (y + (halfStep * (slope + slopeThere)));
        }
    }
}
