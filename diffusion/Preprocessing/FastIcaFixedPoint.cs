using System.Numerics.Tensors;
using Sweep.Diffusion.Numerics.Matrices;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// The fixed point of symmetric FastICA (Hyvärinen 1999, equations 20 and 26) on whitened points: w_i ← E[z g(w_i^T z)] - E[g'(w_i^T z)] w_i for all rows at
/// once, then W ← (W W^T)^(-1/2) W, until no row turns any more; from the 30th iteration on by half steps. Not finding an end is an outcome, not an error:
/// normal components have no direction of their own.
/// </summary>
/// <param name="components">Whitened points, one component after the other: (d, n).</param>
/// <param name="d">Their dimensions.</param>
/// <param name="points">How many of them are used, from the first on.</param>
/// <param name="contrast">The contrast function.</param>
/// <param name="unchanged">Whether to compute as stored trials with one start did: by singular value decompositions, however long some row goes on
/// turning.</param>
internal sealed class FastIcaFixedPoint(double[] components, int d, int points, Contrast contrast, bool unchanged)
{
    /// <summary>
    /// Converged when 1 - |cos| of the angle that any row turns is below this. The fixed point contracts at least quadratically near a solution, so
    /// the result is then good to about 1e-8.
    /// </summary>
    private const double Tolerance = 1e-10;

    public const int MaximumIterations = 200;

    /// <summary>From here on steps are halved: with few points the plain fixed point may swing between two matrices forever.</summary>
    private const int UndampedIterations = 30;

    /// <summary>
    /// Where some row turns by more than this, the contrast must grow by so much between looks to go on: of normal components, or of hardly more points than
    /// dimensions, rows wander forever, each step a little better than the last.
    /// </summary>
    private const double Settling = 1e-5, WorthwhileGrowth = 1e-3;

    /// <summary>Iterations before the first look, and between two: steps have been halved for a while, so that no swinging is taken for wandering.</summary>
    private const int FirstLook = 40, LookEvery = 5;

    /// <summary>Below, matrices are so small that packing them for a blocked product takes longer than it saves.</summary>
    private const int SmallestBlocked = 24;

    /// <summary>Points that are taken through the contrast function at a time.</summary>
    private const int Block = 1024;

    private readonly int _stride = components.Length / d;
    private readonly bool _blocked = d >= SmallestBlocked && !unchanged;

    public int Points => points;

    /// <summary>Floating-point operations of an iteration, about: two products with the points, and the decorrelation.</summary>
    public double Operations => (4.0 * d * d * points) + (30.0 * d * d * d);

    /// <summary>A uniformly random rotation to start from.</summary>
    public double[] Rotation(ulong seed, int index) => Decorrelate(Rotations.Normal(d, seed, index));

    /// <summary>Iterates from a rotation.</summary>
    /// <returns>Where it converged; else the iterate that turned least, or the one whose contrast no longer grew.</returns>
    public FastIcaEnd Run(double[] start, int maximumIterations, FitProgress progress, CancellationToken cancellationToken)
    {
        double[] w = start, best = start;
        double smallest = double.PositiveInfinity, seen = 0;
        int iteration = 0;
        while (smallest >= Tolerance && iteration < maximumIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            iteration++;
            double[] next = Decorrelate(Step(w));
            double turn = 0;
            for (int i = 0; i < d; i++)
                turn = Math.Max(turn, Math.Abs(Math.Abs(TensorPrimitives.Dot(next.AsSpan(i * d, d), w.AsSpan(i * d, d))) - 1));
            if (turn < smallest)
                (smallest, best) = (turn, next);
            w = iteration < UndampedIterations ? next : Halfway(w, next);
            progress.Report((double)iteration / maximumIterations);
            if (unchanged || turn < Settling || iteration < FirstLook || iteration % LookEvery != 0)
                continue;
            double grown = ContrastOf(next);
            if (!(grown > (1 + WorthwhileGrowth) * seen))
            {
                best = next;
                break;
            }

            seen = grown;
        }

        progress.Report(1);
        return new FastIcaEnd(best, ContrastOf(best), iteration, smallest < Tolerance);
    }

    /// <summary>Between two iterates (rows of the same sign), decorrelated: their fixed points are the same, but a cycle of two is broken.</summary>
    private double[] Halfway(double[] w, double[] next)
    {
        var sum = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            double sign = TensorPrimitives.Dot(next.AsSpan(i * d, d), w.AsSpan(i * d, d)) < 0 ? -1 : 1;
            for (int k = 0; k < d; k++)
                sum[(i * d) + k] = w[(i * d) + k] + (sign * next[(i * d) + k]);
        }

        return Decorrelate(sum);
    }

    private double[] Decorrelate(double[] w) => (_blocked ? PolarFactor.Of(w, d) : null) ?? Rotations.Nearest(w, d);

    private double[] Step(double[] w)
    {
        var next = new double[d * d];
        var derivatives = new double[d];
        Span<double> room = new double[_blocked ? d * Block : Block], scratch = new double[Block];
        for (int start = 0; start < points; start += Block)
        {
            int length = Math.Min(Block, points - start);
            if (_blocked)
                StepBlocked(w, start, length, room, scratch[..length], next, derivatives);
            else
                StepByRows(w, start, length, room[..length], scratch[..length], next);
        }

        for (int i = 0; i < d && _blocked; i++)
        {
            for (int k = 0; k < d; k++)
                next[(i * d) + k] = (next[(i * d) + k] - (derivatives[i] * w[(i * d) + k])) / points;
        }

        return next;
    }

    private void StepByRows(double[] w, int start, int length, Span<double> u, Span<double> scratch, double[] next)
    {
        for (int i = 0; i < d; i++)
        {
            Project(w.AsSpan(i * d, d), start, length, u);
            double derivative = contrast.Apply(u, scratch);
            for (int k = 0; k < d; k++)
                next[(i * d) + k] += (TensorPrimitives.Dot(u, Component(k, start, length)) - (derivative * w[(i * d) + k])) / points;
        }
    }

    /// <summary>Adds sums over the block: of z g(u) to <paramref name="next"/>, of g'(u) to <paramref name="derivatives"/>.</summary>
    private void StepBlocked(double[] w, int start, int length, Span<double> room, Span<double> scratch, double[] next, double[] derivatives)
    {
        Span<double> u = room[..(d * length)];
        MatrixView z = MatrixView.Of(components.AsSpan(start), d, length, _stride);
        BlockedProduct.Set(MatrixView.Of(w, d, d), z, u);
        for (int i = 0; i < d; i++)
            derivatives[i] += contrast.Apply(u.Slice(i * length, length), scratch);
        BlockedProduct.Add(MatrixView.Of(u, d, length), z.Transpose, next);
    }

    /// <summary>Sum over components of (E G(u) - E G(v))^2, v standard normal (Hyvärinen 1999, equation 6).</summary>
    private double ContrastOf(double[] w)
    {
        var sums = new double[d];
        Span<double> room = new double[_blocked ? d * Block : Block], scratch = new double[Block];
        for (int start = 0; start < points; start += Block)
        {
            int length = Math.Min(Block, points - start);
            if (_blocked)
                BlockedProduct.Set(MatrixView.Of(w, d, d), MatrixView.Of(components.AsSpan(start), d, length, _stride), room[..(d * length)]);
            for (int i = 0; i < d; i++)
            {
                Span<double> u = _blocked ? room.Slice(i * length, length) : room[..length];
                if (!_blocked)
                    Project(w.AsSpan(i * d, d), start, length, u);
                sums[i] += contrast.Sum(u, scratch[..length]);
            }
        }

        double total = 0;
        foreach (double sum in sums)
            total += Math.Pow((sum / points) - contrast.OfNormal(), 2);
        return total;
    }

    /// <summary>u = w^T z over a block of points.</summary>
    private void Project(ReadOnlySpan<double> w, int start, int length, Span<double> u)
    {
        TensorPrimitives.Multiply(Component(0, start, length), w[0], u);
        for (int k = 1; k < d; k++)
            TensorPrimitives.MultiplyAdd(Component(k, start, length), w[k], u, u);
    }

    private ReadOnlySpan<double> Component(int k, int start, int length) => components.AsSpan((k * _stride) + start, length);
}
