using Sweep.Diffusion.Networks;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>As <see cref="ResidualShape"/> has it.</summary>
internal sealed class TorchResidual : TorchNetwork
{
    private readonly ResidualShape _shape;

    public TorchResidual(ResidualShape shape, torch.Tensor weights, torch.Tensor? gradient)
        : base(shape, weights, gradient) => _shape = shape;

    public override torch.Tensor Forward(torch.Tensor input, torch.Tensor features)
    {
        var embedding = Apply(_shape.Activation, Linear(features, "embedding"));
        var h = Linear(input, "input");
        for (int block = 0; block < _shape.HiddenLayers; block++)
        {
            var parts = Linear(embedding, $"block.{block}.modulation").chunk(3, 1);
            var u = Apply(_shape.Activation, Linear(Modulated(h, parts[0], parts[1]), $"block.{block}.first"));
            h = h.Plus(parts[2].mul(Linear(u, $"block.{block}.second")));
        }

        var head = Linear(embedding, "head.modulation").chunk(2, 1);
        return Linear(Modulated(h, head[0], head[1]), "output").Plus(torch.nn.functional.linear(input, Parameter("skip.weight")));
    }

    private torch.Tensor Modulated(torch.Tensor h, torch.Tensor shift, torch.Tensor scale) =>
        torch.nn.functional.layer_norm(h, [_shape.Width], eps: ResidualShape.Epsilon).Modulated(shift, scale);
}
