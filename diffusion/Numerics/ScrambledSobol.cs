namespace Sweep.Diffusion.Numerics;

/// <summary>
/// Sobol's low-discrepancy sequence (I. M. Sobol', USSR Computational Mathematics and Mathematical Physics 7, 1967) in the Gray code order of Antonov and
/// Saleev, with the direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM Journal on
/// Scientific Computing 30 (2008), under A. B. Owen's nested uniform scrambling ("Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995): each bit of a
/// coordinate is flipped or not by a coin of its own for every value of the bits before it. So each point is uniform by itself, any first 2^k points keep the
/// sequence's stratification, and the coins are counted by (seed, dimension, bits before): the same seed gives the same points anywhere, and more points
/// continue the sequence.
/// </summary>
public sealed class ScrambledSobol
{
    /// <summary>Dimensions there are direction numbers for.</summary>
    public const int MaxDimensions = 21;

    private const int Bits = 32;

    /// <summary>Of dimensions 2 and on: the primitive polynomial's degree and inner coefficients, and the first direction numbers.</summary>
    private static readonly (int Degree, uint Coefficients, uint[] First)[] Polynomials =
    [
        (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]), (5, 2, [1, 1, 5, 5, 17]),
        (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]), (5, 11, [1, 1, 5, 1, 1]), (5, 13, [1, 1, 1, 3, 11]), (5, 14, [1, 3, 5, 5, 31]),
        (6, 1, [1, 3, 3, 9, 7, 49]), (6, 13, [1, 1, 1, 15, 21, 21]), (6, 16, [1, 3, 1, 13, 27, 49]), (6, 19, [1, 1, 1, 15, 7, 5]),
        (6, 22, [1, 3, 1, 15, 13, 25]), (6, 25, [1, 1, 5, 5, 19, 61]), (7, 1, [1, 3, 7, 11, 23, 15, 103]), (7, 4, [1, 3, 7, 13, 13, 15, 69]),
    ];

    private readonly uint[][] _directions;
    private readonly ulong _seed;
    private readonly bool _scramble;

    /// <param name="dimensions">1 to <see cref="MaxDimensions"/>.</param>
    /// <param name="seed">Of the scrambling.</param>
    /// <exception cref="ArgumentOutOfRangeException">Other dimensions.</exception>
    public ScrambledSobol(int dimensions, ulong seed)
        : this(dimensions, seed, scramble: true)
    {
    }

    private ScrambledSobol(int dimensions, ulong seed, bool scramble)
    {
        if (dimensions is < 1 or > MaxDimensions)
            throw new ArgumentOutOfRangeException(nameof(dimensions), dimensions, $"dimensions: {dimensions}; allowed: 1 to {MaxDimensions}");
        _directions = [.. Enumerable.Range(0, dimensions).Select(Directions)];
        (_seed, _scramble) = (seed, scramble);
    }

    public int Dimensions => _directions.Length;

    /// <summary>The sequence as it is, for tests of its direction numbers.</summary>
    internal static ScrambledSobol Plain(int dimensions) => new(dimensions, 0, scramble: false);

    /// <summary>One point.</summary>
    /// <param name="index">Its place in the sequence, from 0.</param>
    /// <param name="point">(dimensions): each in the open interval (0, 1), at the midpoints of 2^-32 cells.</param>
    /// <exception cref="ArgumentException">Another number of dimensions.</exception>
    public void Point(uint index, Span<double> point)
    {
        if (point.Length != Dimensions)
            throw new ArgumentException($"a point of {point.Length} dimensions; allowed: {Dimensions}", nameof(point));
        uint gray = index ^ (index >> 1);
        for (int d = 0; d < point.Length; d++)
        {
            uint bits = 0;
            for (int b = 0; b < Bits; b++)
            {
                if ((gray >> b & 1) != 0)
                    bits ^= _directions[d][b];
            }

            point[d] = ((_scramble ? Scramble(bits, (uint)d) : bits) + (_scramble ? 0.5 : 0)) / (1UL << Bits);
        }
    }

    private uint Scramble(uint bits, uint dimension)
    {
        uint flips = 0;
        for (int b = 0; b < Bits; b++)
        {
            // The bits before this one, the most significant first; their number tells equal prefixes of other lengths apart.
            uint before = b == 0 ? 0 : bits >> (Bits - b);
            if ((Philox.Words(_seed, before, (uint)b, dimension, NoisePurpose.SearchPoints).A & 1) != 0)
                flips |= 1u << (Bits - 1 - b);
        }

        return bits ^ flips;
    }

    private static uint[] Directions(int dimension)
    {
        uint[] v = new uint[Bits];
        if (dimension == 0)
        {
            for (int b = 0; b < Bits; b++)
                v[b] = 1u << (Bits - 1 - b);
            return v;
        }

        (int degree, uint coefficients, uint[] first) = Polynomials[dimension - 1];
        for (int b = 0; b < Bits; b++)
        {
            if (b < degree)
            {
                v[b] = first[b] << (Bits - 1 - b);
                continue;
            }

            v[b] = v[b - degree] ^ (v[b - degree] >> degree);
            for (int k = 1; k < degree; k++)
            {
                if ((coefficients >> (degree - 1 - k) & 1) != 0)
                    v[b] ^= v[b - k];
            }
        }

        return v;
    }
}
