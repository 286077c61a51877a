using System.Collections.Concurrent;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// A residual perceptron whose layer normalisations the noise level steers (adaLN-Zero: Peebles and Xie, arXiv 2212.09748, section 3.2, for points as in Li et
/// al., arXiv 2406.11838, appendix). With the noise level's embedding e = act(E f + b) of the time features f, LN a layer normalisation without parameters, and
/// [a; b; c] parts of one vector:
/// <code>
/// h = I x + b                                                             (width)
/// each block:  [shift; scale; gate] = M e + b,  u = LN(h) (1 + scale) + shift,  h += gate (W2 act(W1 u + b1) + b2)
/// output:      [shift; scale] = M e + b,  F = O (LN(h) (1 + scale) + shift) + b + S x
/// </code>
/// M, O and the linear skip S (as <see cref="MlpShape"/>'s) start from zero, so every block starts as the identity.
/// </summary>
public sealed record ResidualShape : NetworkShape
{
    /// <summary>Added to a layer normalisation's variance.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>As <see cref="MlpShape.MaximumWidth"/>, with five matrices a block.</summary>
    public const int MaximumWidth = 1536;

    private static readonly ConcurrentDictionary<ResidualShape, LayoutBuilder> Layouts = new();

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public ResidualShape(int dimensions, int timeFeatures, int width, int blocks, Activation activation)
        : base(dimensions, timeFeatures, width, MaximumWidth, blocks, activation)
    {
    }

    /// <inheritdoc/>
    public override string Kind => NetworkKinds.Residual;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Blocks => Layout.Blocks;

    /// <inheritdoc/>
    public override double Multiplications => Layout.Multiplications;

    /// <inheritdoc/>
    public override bool IsFused => false;

    private LayoutBuilder Layout => Layouts.GetOrAdd(this, shape => shape.LayOut());

    /// <inheritdoc/>
    public override float[] DrawWeights(ulong seed, CancellationToken cancellation = default) => InitialWeights.Draw(Blocks, seed, cancellation);

    private LayoutBuilder LayOut()
    {
        double gain = InitialWeights.Gain(Activation);
        var layout = new LayoutBuilder();
        layout.Linear("embedding", Width, TimeFeatures, gain);
        layout.Linear("input", Width, Dimensions, 1);
        for (int block = 0; block < HiddenLayers; block++)
        {
            layout.Linear($"block.{block}.modulation", 3 * Width, Width, 0);
            layout.Linear($"block.{block}.first", Width, Width, gain);
            layout.Linear($"block.{block}.second", Width, Width, 1);
        }

        layout.Linear("head.modulation", 2 * Width, Width, 0);
        layout.Linear("output", Dimensions, Width, 0);
        layout.Matrix("skip", Dimensions, Dimensions, 0);
        return layout;
    }
}
