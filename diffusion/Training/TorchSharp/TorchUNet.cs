using Sweep.Diffusion.Networks;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>As <see cref="UNetShape"/> has it. Images are (n, channels, side, side).</summary>
internal sealed class TorchUNet : TorchNetwork
{
    private readonly UNetShape _shape;

    public TorchUNet(UNetShape shape, torch.Tensor weights, torch.Tensor? gradient)
        : base(shape, weights, gradient) => _shape = shape;

    public override torch.Tensor Forward(torch.Tensor input, torch.Tensor features)
    {
        long rows = input.shape[0];

        // Every modulation sees the embedding after its activation.
        var embedding = Apply(_shape.Activation, Linear(Apply(_shape.Activation, Linear(features, "embedding.0")), "embedding.1"));
        var h = Convolution(input.reshape(rows, 1, _shape.Side, _shape.Side), "input");
        int last = _shape.Levels - 1;
        List<torch.Tensor> kept = [];
        for (int level = 0; level <= last; level++)
        {
            for (int block = 0; block < _shape.HiddenLayers; block++)
                h = Block(h, embedding, $"down.{level}.{block}");
            if (level == last)
                break;
            kept.Add(h);
            h = Convolution(h, $"down.{level}.half", stride: 2);
        }

        for (int level = last - 1; level >= 0; level--)
        {
            h = torch.cat([Convolution(Doubled(h), $"up.{level}.double"), kept[level]], 1);
            for (int block = 0; block < _shape.HiddenLayers; block++)
                h = Block(h, embedding, $"up.{level}.{block}");
        }

        return Convolution(Apply(_shape.Activation, Normalised(h, "output.norm")), "output").reshape(rows, _shape.Dimensions);
    }

    /// <summary>Each pixel as a square of four.</summary>
    private static torch.Tensor Doubled(torch.Tensor h) => h.repeat_interleave(2, 2).repeat_interleave(2, 3);

    private torch.Tensor Block(torch.Tensor x, torch.Tensor embedding, string name)
    {
        var h = Convolution(Apply(_shape.Activation, Normalised(x, $"{name}.norm")), $"{name}.first");
        long channels = h.shape[1];
        var parts = Linear(embedding, $"{name}.modulation").reshape(-1, 2 * channels, 1, 1).chunk(2, 1);
        var normalised = torch.nn.functional.group_norm(h, UNetShape.Groups((int)channels), eps: UNetShape.Epsilon);
        var y = Convolution(Apply(_shape.Activation, normalised.Modulated(parts[1], parts[0])), $"{name}.second");
        return y.Plus(x.shape[1] == channels ? x : Skip(x, channels, name));
    }

    private torch.Tensor Normalised(torch.Tensor x, string name) =>
        torch.nn.functional.group_norm(x, UNetShape.Groups((int)x.shape[1]), Parameter($"{name}.weight"), Parameter($"{name}.bias"), UNetShape.Epsilon);

    private torch.Tensor Convolution(torch.Tensor x, string name, int stride = 1) =>
        TorchConvolution.Apply(x, Parameter($"{name}.weight"), Parameter($"{name}.bias"), stride);

    /// <summary>Each pixel's channels by one matrix.</summary>
    private torch.Tensor Skip(torch.Tensor x, long channels, string name) =>
        TorchConvolution.Apply(x, Parameter($"{name}.skip.weight").reshape(channels, -1, 1, 1), Parameter($"{name}.skip.bias"), padding: 0);
}
