using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics;

/// <summary>
/// A strictly increasing, continuously differentiable map y(u) of the real line onto itself that is inverted exactly: monotone
/// rational-quadratic pieces (Gregory and Delbourgo, "Piecewise rational quadratic interpolation to monotonic data", IMA J. Numer. Anal. 2, 1982;
/// as a flow: Durkan et al., "Neural spline flows", 2019, equations 4 to 8) between knots, straight lines of matching slope outside. One table serves
/// <see cref="Evaluate(double)"/>, <see cref="Solve(double)"/> and <see cref="LogSlopeAt"/>, so that they belong to one and the same map.
/// A cell is found through a uniform index, not a search of the table. Immutable, thread-safe.
/// </summary>
public sealed class RationalQuadraticSpline
{
    private readonly Cell[] _cells;
    private readonly UniformIndex _byU;
    private readonly UniformIndex _byY;
    private readonly double _u0;
    private readonly double _y0;
    private readonly double _slope0;
    private readonly double _u1;
    private readonly double _y1;
    private readonly double _slope1;

    /// <param name="u">At least two knots, strictly increasing.</param>
    /// <param name="y">Their images, strictly increasing.</param>
    /// <param name="slope">dy/du at the knots, positive.</param>
    /// <exception cref="ArgumentException">The knots are not increasing, finite and of equal number.</exception>
    public RationalQuadraticSpline(double[] u, double[] y, double[] slope)
    {
        ArgumentNullException.ThrowIfNull(u);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(slope);
        if (u.Length < 2 || y.Length != u.Length || slope.Length != u.Length)
            throw new ArgumentException($"{u.Length} knots, {y.Length} images, {slope.Length} slopes; allowed: equal numbers of at least 2", nameof(u));
        U = u;
        Y = y;
        Slope = slope;
        _cells = new Cell[u.Length - 1];
        for (int k = 0; k < _cells.Length; k++)
        {
            double width = u[k + 1] - u[k];
            double height = y[k + 1] - y[k];
            if (!(width > 0) || !(height > 0) || !(slope[k] > 0) || !(slope[k + 1] > 0) || !double.IsFinite(width + height + slope[k] + slope[k + 1]))
                throw new ArgumentException($"knot {k}: width {width}, height {height}, slopes {slope[k]} and {slope[k + 1]}; allowed: positive and finite",
                    nameof(u));
            double secant = height / width;
            _cells[k] = new Cell
            {
                U = u[k],
                Y = y[k],
                InverseWidth = 1 / width,
                Height = height,
                Secant = secant,
                Slope0 = slope[k],
                Slope1 = slope[k + 1],
                Bend = slope[k] + slope[k + 1] - (2 * secant),
            };
        }

        (_u0, _y0, _slope0) = (u[0], y[0], slope[0]);
        (_u1, _y1, _slope1) = (u[^1], y[^1], slope[^1]);
        _byU = new UniformIndex(u);
        _byY = new UniformIndex(y);
    }

    /// <summary>The knots, (K).</summary>
    public IReadOnlyList<double> Knots => U;

    internal double[] U { get; }

    internal double[] Y { get; }

    internal double[] Slope { get; }

    /// <summary>y(u).</summary>
    public double Evaluate(double u)
    {
        if (u < _u0)
            return _y0 + ((u - _u0) * _slope0);
        if (!(u < _u1))
            return _y1 + ((u - _u1) * _slope1);
        return _cells[_byU.Find(u)].Value(u);
    }

    /// <summary>The u with y(u) = y.</summary>
    public double Solve(double y)
    {
        if (y < _y0)
            return _u0 + ((y - _y0) / _slope0);
        if (!(y < _y1))
            return _u1 + ((y - _y1) / _slope1);
        ref readonly var cell = ref _cells[_byY.Find(y)];
        return cell.U + (cell.Fraction(y) / cell.InverseWidth);
    }

    /// <summary>log dy/du at the u with y(u) = y.</summary>
    public double LogSlopeAt(double y)
    {
        if (double.IsNaN(y))
            return y;
        if (y < _y0)
            return Math.Log(_slope0);
        if (y >= _y1)
            return Math.Log(_slope1);
        ref readonly var cell = ref _cells[_byY.Find(y)];
        return Math.Log(cell.Derivative(cell.Fraction(y)));
    }

    /// <summary>One cell: 64 bytes, a cache line.</summary>
    private struct Cell
    {
        public double U;
        public double Y;
        public double InverseWidth;
        public double Height;
        public double Secant;
        public double Slope0;
        public double Slope1;
        public double Bend;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly double Value(double u) => Y + Rise((u - U) * InverseWidth);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly double Rise(double t)
        {
            double q = t * (1 - t);
            return Height * ((Secant * t * t) + (Slope0 * q)) / (Secant + (Bend * q));
        }

        public readonly double Derivative(double t)
        {
            double r = 1 - t;
            double denominator = Secant + (Bend * t * r);
            double ratio = Secant / denominator;
            return ratio * ratio * ((Slope1 * t * t) + (2 * Secant * t * r) + (Slope0 * r * r));
        }

        /// <summary>
        /// The t in [0, 1] with Rise(t) = y - Y: the root of a t^2 + b t + c, taken in the form without cancellation (b &lt; 0 implies a &gt; 0), then
        /// one Newton step against what the discriminant lost where end slopes dwarf the secant.
        /// </summary>
        public readonly double Fraction(double y)
        {
            double rise = y - Y;
            double bend = rise * Bend;
            double a = (Height * (Secant - Slope0)) + bend;
            double b = (Height * Slope0) - bend;
            double c = Secant * rise;
            double root = Math.Sqrt(Math.Max((b * b) + (4 * a * c), 0));
            double t = b >= 0 ? 2 * c / (b + root) : (root - b) / (2 * a);
            t -= (Rise(t) - rise) * InverseWidth / Derivative(t);
            return Math.Clamp(t, 0, 1);
        }
    }
}
