using System.Collections.Concurrent;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// A small U-Net (Ronneberger et al., arXiv 1505.04597; with residual blocks and the noise level as in Ho et al., arXiv 2006.11239) for square images of one
/// channel, row by row in x: 8 x 8 at two resolutions, larger ones at up to three. Channels are <see cref="NetworkShape.Width"/> at full resolution and twice
/// as many at each halving. With GN a group normalisation, C convolutions of 3 x 3, and the embedding e = act(E1 act(E0 f + b) + b) of the time features f (4
/// width):
/// <code>
/// block:   [scale; shift] = M e + b,  h = C act(GN(x) a + b),  y = K x + C act(GN(h) (1 + scale) + shift)     (Dhariwal and Nichol, arXiv 2105.05233, section
/// 3) down:    blocks, then a convolution of stride 2;   up: nearest neighbours doubled, a convolution, the way down's result beside it, blocks output:  C
/// act(GN(h) a + b)
/// </code>
/// K, of 1 x 1, is there where the channels change. M, a block's last convolution and the output's start from zero.
/// </summary>
public sealed record UNetShape : NetworkShape
{
    /// <summary>Added to a group normalisation's variance.</summary>
    public const double Epsilon = 1e-5;

    public const int MaximumWidth = 256;
    private const int MaximumLevels = 3, SmallestHalved = 6, MaxGroups = 8, SmallestGroup = 4;

    private static readonly ConcurrentDictionary<UNetShape, LayoutBuilder> Layouts = new();

    /// <param name="dimensions">Pixels: the square of an even side from 4.</param>
    /// <param name="timeFeatures">Sines and cosines of the noise level.</param>
    /// <param name="channels">At full resolution.</param>
    /// <param name="blocks">At each resolution, each way.</param>
    /// <param name="activation">Throughout.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public UNetShape(int dimensions, int timeFeatures, int channels, int blocks, Activation activation)
        : base(dimensions, timeFeatures, channels, MaximumWidth, blocks, activation)
    {
        if (Obstacle(dimensions) is { } obstacle)
            throw new ArgumentOutOfRangeException(nameof(dimensions), obstacle);
        Side = (int)Math.Sqrt(dimensions);
    }

    /// <inheritdoc/>
    public override string Kind => NetworkKinds.UNet;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Blocks => Layout.Blocks;

    /// <inheritdoc/>
    public override double Multiplications => Layout.Multiplications;

    /// <inheritdoc/>
    public override bool IsFused => false;

    /// <summary>Pixels in a row or column.</summary>
    public int Side { get; }

    /// <summary>Resolutions: halved while the side is even and at least 6, and once from 4.</summary>
    public int Levels
    {
        get
        {
            int levels = 1;
            for (int side = Side; levels < MaximumLevels && side % 2 == 0 && (side >= SmallestHalved || levels == 1); side /= 2)
                levels++;
            return levels;
        }
    }

    private LayoutBuilder Layout => Layouts.GetOrAdd(this, shape => shape.LayOut());

    /// <summary>Why data of so many dimensions are no images for it; null when they are.</summary>
    public static string? Obstacle(int dimensions)
    {
        int side = (int)Math.Round(Math.Sqrt(dimensions));
        return side * side == dimensions && side % 2 == 0 && side >= 4
            ? null
            : $"dimensions: {dimensions}; allowed: images, the square of an even side from 4 (digits has 64)";
    }

    /// <summary>Channels at a resolution, 0 the full one.</summary>
    public int Channels(int level) => Width << level;

    /// <summary>
    /// Groups of a normalisation: the most, up to 8, that divide the channels and hold four or more. A group of one channel would take its mean away, and with
    /// it what the biases before it say: their gradients would be rounding errors, which Adam enlarges.
    /// </summary>
    public static int Groups(int channels) => Enumerable.Range(1, MaxGroups).Last(g => g == 1 || (channels % g == 0 && channels / g >= SmallestGroup));

    /// <inheritdoc/>
    public override float[] DrawWeights(ulong seed, CancellationToken cancellation = default) => InitialWeights.Draw(Blocks, seed, cancellation);

    private LayoutBuilder LayOut()
    {
        double gain = InitialWeights.Gain(Activation);
        int embedding = 4 * Width, last = Levels - 1;
        var layout = new LayoutBuilder();
        layout.Linear("embedding.0", embedding, TimeFeatures, gain);
        layout.Linear("embedding.1", embedding, embedding, gain);
        layout.Convolution("input", Width, 1, 1, Dimensions);
        for (int level = 0; level <= last; level++)
        {
            for (int block = 0; block < HiddenLayers; block++)
                Block($"down.{level}.{block}", Channels(level), Channels(level), level);
            if (level < last)
                layout.Convolution($"down.{level}.half", Channels(level + 1), Channels(level), 1, Pixels(level + 1));
        }

        for (int level = last - 1; level >= 0; level--)
        {
            layout.Convolution($"up.{level}.double", Channels(level), Channels(level + 1), 1, Pixels(level));
            for (int block = 0; block < HiddenLayers; block++)
                Block($"up.{level}.{block}", (block == 0 ? 2 : 1) * Channels(level), Channels(level), level);
        }

        layout.Affine("output.norm", Width);
        layout.Convolution("output", 1, Width, 0, Dimensions);
        return layout;

        void Block(string name, int from, int to, int level)
        {
            layout.Affine($"{name}.norm", from);
            layout.Convolution($"{name}.first", to, from, gain, Pixels(level));
            layout.Linear($"{name}.modulation", 2 * to, embedding, 0);
            layout.Convolution($"{name}.second", to, to, 0, Pixels(level));
            if (from != to)
                layout.Linear($"{name}.skip", to, from, 1, Pixels(level));
        }

        int Pixels(int level) => (Side >> level) * (Side >> level);
    }
}
