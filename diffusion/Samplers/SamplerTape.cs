using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// A sampler's run on a grid as a list of evaluations of the denoiser, the points of each an affine combination of what came before: what a device needs to
/// take all steps by itself. No sampler says its coefficients here. It is run once on points that are basis vectors (a row for the starting points, one for
/// each answer of the denoiser, one for each step's noise), and where its states are affine in these, a row of a state holds that row's coefficient. So
/// whatever the sampler's formula, its tape is at hand, and the run on the processor stays the one truth. Sums are then shortened: x_k as a multiple of an
/// earlier x_j leaves few terms. Immutable, thread-safe.
/// </summary>
public sealed class SamplerTape
{
    /// <summary>Points that the next ones may be a multiple of: correctors go back two evaluations, edm-stochastic three.</summary>
    private const int Bases = 4;

    /// <summary>A coefficient that is this small against what it is the difference of, or against the largest of its sum, is rounding.</summary>
    private const double Rounding = 1e-13;

    /// <summary>The tape against the sampler in double: their roundings differ.</summary>
    private const double Agreement = 1e-8;

    /// <summary>Doubles that recording may hold, and operations it may take.</summary>
    private const long MaxDoubles = 1 << 25, MaxOperations = 1L << 31;

    private SamplerTape(int dimensions, IReadOnlyList<TapeEvaluation> evaluations) => (Dimensions, Evaluations) = (dimensions, evaluations);

    public int Dimensions { get; }

    /// <summary>In order; the last one's points are the last state.</summary>
    public IReadOnlyList<TapeEvaluation> Evaluations { get; }

    /// <summary>The tape of a sampler, ready to sample.</summary>
    /// <param name="sampler">After <see cref="ISampler.Prepare"/>.</param>
    /// <param name="grid">Its levels.</param>
    /// <param name="dimensions">d.</param>
    /// <returns>Null where its states are not affine in what it is given (or not those that it evaluates), or the tape would be too long.</returns>
    public static SamplerTape? Record(ISampler sampler, IReadOnlyList<NoiseLevel> grid, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        var counter = new Counter(dimensions);
        foreach (ReverseState state in sampler.Sample(counter, grid, new double[dimensions], counter))
            _ = state;
        int rows = 2 + counter.Calls + counter.Steps.Count;
        if ((long)rows * dimensions > MaxDoubles || (long)rows * dimensions * counter.Calls * Bases > MaxOperations)
            return null;

        var recorder = new Recorder(dimensions, rows, counter.Calls, counter.Steps);
        double[] initial = new double[rows * dimensions];
        initial.AsSpan(dimensions, dimensions).Fill(1);
        foreach (ReverseState state in sampler.Sample(recorder, grid, initial, recorder))
        {
            if (!recorder.Mark(state))
                return null;
        }

        var tape = new SamplerTape(dimensions, recorder.Evaluations);
        return recorder.Sound && tape.Agrees(sampler, grid) ? tape : null;
    }

    /// <summary>The states that the tape leads to, on the processor: the plain twin of what a device does.</summary>
    /// <param name="denoiser">The model.</param>
    /// <param name="initial">Row-major (n, d).</param>
    /// <param name="noise">Where noise comes from.</param>
    public IEnumerable<ReverseState> Play(IDenoiser denoiser, double[] initial, ISamplerNoise noise)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(noise);
        List<double[]> points = [], clean = [];
        double[] z = new double[initial.Length];
        foreach (TapeEvaluation evaluation in Evaluations)
        {
            double[] x = new double[initial.Length], x0Hat = new double[initial.Length];
            for (int i = 0; i < x.Length; i++)
                x[i] = evaluation.Added[i % Dimensions];
            foreach (TapeTerm term in evaluation.Terms)
            {
                if (term.Source == TapeSource.Noise)
                    noise.Fill(term.Index, Dimensions, z);
                double[] from = term.Source switch { TapeSource.Initial => initial, TapeSource.Points => points[term.Index],
                    TapeSource.Clean => clean[term.Index], _ => z };
                for (int i = 0; i < x.Length; i++)
                    x[i] += term.Weights[i % Dimensions] * from[i];
            }

            denoiser.Denoise(x, evaluation.Level, x0Hat);
            points.Add(x);
            clean.Add(x0Hat);
            if (evaluation.Step is { } step)
                yield return new ReverseState { Step = step, Level = evaluation.Level, X = x, X0Hat = x0Hat, Evaluations = evaluation.Evaluations };
        }
    }

    /// <summary>
    /// On points and with a denoiser that are anything but linear: a sampler that looks at its points would have shown the basis vectors another way than
    /// these.
    /// </summary>
    private bool Agrees(ISampler sampler, IReadOnlyList<NoiseLevel> grid)
    {
        var bent = new Bent(Dimensions);
        double[] initial = new double[3 * Dimensions];
        NormalNoise.Fill(initial, 1, NoisePurpose.InitialNoise, 0, 0, Dimensions);
        for (int i = 0; i < initial.Length; i++)
            initial[i] *= grid[0].Noise;
        var noise = new PhiloxNoise(1);
        using IEnumerator<ReverseState> played = Play(bent, initial, noise).GetEnumerator();
        foreach (ReverseState state in sampler.Sample(bent, grid, initial, noise))
        {
            if (!played.MoveNext() || played.Current.Step != state.Step || played.Current.Level != state.Level
                || played.Current.Evaluations != state.Evaluations)
                return false;
            for (int i = 0; i < initial.Length; i++)
            {
                if (!(Math.Abs(played.Current.X[i] - state.X[i]) <= Agreement * (1 + Math.Abs(state.X[i])))
                    || !(Math.Abs(played.Current.X0Hat[i] - state.X0Hat[i]) <= Agreement * (1 + Math.Abs(state.X0Hat[i]))))
                    return false;
            }
        }

        return !played.MoveNext();
    }

    /// <summary>Counts evaluations, and which steps ask for noise.</summary>
    private sealed class Counter(int dimensions) : IDenoiser, ISamplerNoise
    {
        public int Dimensions => dimensions;

        public int Calls { get; private set; }

        public List<int> Steps { get; } = [];

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
        {
            Calls++;
            x0Hat.Clear();
        }

        public void Fill(int step, int dimensions, Span<double> noise)
        {
            if (!Steps.Contains(step))
                Steps.Add(step);
            noise.Clear();
        }
    }

    /// <summary>Row 0 is nothing at all, so that what a state holds there was added; row 1 the starting points; then the answers, then the noises.</summary>
    private sealed class Recorder(int dimensions, int rows, int calls, List<int> steps) : IDenoiser, ISamplerNoise
    {
        private readonly Queue<(int Index, double[] Coefficients)> _recent = new();
        private double[] _asked = [], _answered = [];

        public int Dimensions => dimensions;

        public List<TapeEvaluation> Evaluations { get; } = [];

        /// <summary>False when it did something else than when its calls were counted.</summary>
        public bool Sound { get; private set; } = true;

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
        {
            int index = Evaluations.Count;
            x0Hat.Clear();
            if (index >= calls || x.Length != rows * dimensions)
            {
                Sound = false;
                return;
            }

            _asked = x.ToArray();
            Evaluations.Add(Shortened(level));
            _recent.Enqueue((index, _asked));
            if (_recent.Count > Bases)
                _recent.Dequeue();
            x0Hat.Slice((2 + index) * dimensions, dimensions).Fill(1);
            _answered = x0Hat.ToArray();
        }

        public void Fill(int step, int dimensions, Span<double> noise)
        {
            noise.Clear();
            int row = steps.IndexOf(step);
            if (row < 0 || noise.Length != rows * dimensions)
                Sound = false;
            else
                noise.Slice((2 + calls + row) * dimensions, dimensions).Fill(1);
        }

        /// <summary>The last evaluation is a state. False when the state is something else than what was evaluated.</summary>
        public bool Mark(ReverseState state)
        {
            if (!Sound || Evaluations.Count == 0 || !_asked.AsSpan().SequenceEqual(state.X) || !_answered.AsSpan().SequenceEqual(state.X0Hat)
                || Evaluations[^1].Step is not null)
                return Sound = false;
            Evaluations[^1] = Evaluations[^1] with { Step = state.Step, Evaluations = state.Evaluations };
            return true;
        }

        /// <summary>The shortest of the sums that the points are: from scratch, or a multiple of recent points and the rest.</summary>
        private TapeEvaluation Shortened(NoiseLevel level)
        {
            (Candidate best, int fewest) = (new Candidate(-1, [], new double[dimensions]), int.MaxValue);
            double[] largest = new double[dimensions];
            for (int row = 1; row < rows; row++)
            {
                for (int j = 0; j < dimensions; j++)
                    largest[j] = Math.Max(largest[j], Math.Abs(Of(_asked, row, j)));
            }

            foreach ((int index, double[] coefficients) in _recent.Reverse().Append((-1, [])))
            {
                double[] scale = new double[dimensions];
                for (int j = 0; j < dimensions && index >= 0; j++)
                    scale[j] = Of(coefficients, 1, j) is not 0 and var start ? Of(_asked, 1, j) / start : 0;
                var candidate = new Candidate(index, coefficients, scale);
                int terms = Terms(candidate, largest, fewest, null);
                if (terms < fewest)
                    (best, fewest) = (candidate, terms);
            }

            double[] added = new double[dimensions];
            for (int j = 0; j < dimensions; j++)
                added[j] = best.Index < 0 ? _asked[j] : Difference(_asked[j], best.Scale[j] * best.Coefficients[j], 0);
            List<TapeTerm> chosen = [];
            Terms(best, largest, int.MaxValue, chosen);
            return new TapeEvaluation(level, chosen, added);
        }

        /// <summary>How many terms a sum has, or that it has too many; into a list where there is one.</summary>
        private int Terms(Candidate candidate, double[] largest, int most, List<TapeTerm>? terms)
        {
            int count = 0;
            if (Array.Exists(candidate.Scale, s => s != 0))
            {
                count++;
                terms?.Add(new TapeTerm(TapeSource.Points, candidate.Index, candidate.Scale));
            }

            double[] weights = new double[dimensions];
            for (int row = 1; row < rows && count < most; row++)
            {
                bool counts = false;
                for (int j = 0; j < dimensions; j++)
                {
                    // The multiple was chosen so that nothing of the starting points is left.
                    double scale = candidate.Scale[j];
                    weights[j] = row == 1 && scale != 0
                        ? 0 : Difference(Of(_asked, row, j), scale == 0 ? 0 : scale * Of(candidate.Coefficients, row, j), largest[j]);
                    counts |= weights[j] != 0;
                }

                if (!counts)
                    continue;
                count++;
                if (terms is null)
                    continue;
                terms.Add(row == 1 ? new(TapeSource.Initial, 0, weights) : row < 2 + calls
                    ? new(TapeSource.Clean, row - 2, weights) : new(TapeSource.Noise, steps[row - 2 - calls], weights));
                weights = new double[dimensions];
            }

            return count;
        }

        private static double Difference(double own, double other, double largest)
        {
            double rest = own - other;
            return Math.Abs(rest) <= Rounding * Math.Max(Math.Abs(own) + Math.Abs(other), largest) && (other != 0 || largest != 0) ? 0 : rest;
        }

        /// <summary>What was added is added in every row.</summary>
        private double Of(double[] values, int row, int j) => values[(row * dimensions) + j] - values[j];

        /// <summary>The points as a multiple of an evaluation's, or, with index -1, from scratch.</summary>
        private sealed record Candidate(int Index, double[] Coefficients, double[] Scale);
    }

    /// <summary>A denoiser that is not linear.</summary>
    private sealed class Bent(int dimensions) : IDenoiser
    {
        public int Dimensions => dimensions;

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
        {
            x.CopyTo(x0Hat);
            if (level.Noise == 0)
                return;

            // Within the data's range, as a denoiser's answers are.
            for (int i = 0; i < x.Length; i++)
                x0Hat[i] = Math.Tanh(x[i] / Math.Sqrt((level.Signal * level.Signal) + (level.Noise * level.Noise)) * (1 + (0.25 * (i % dimensions))));
        }
    }
}
