using Sweep.Diffusion.Networks;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>As <see cref="ReferenceMlp"/>.</summary>
internal sealed class TorchMlp : TorchNetwork
{
    private readonly MlpShape _shape;

    public TorchMlp(MlpShape shape, torch.Tensor weights, torch.Tensor? gradient)
        : base(shape, weights, gradient) => _shape = shape;

    public override torch.Tensor Forward(torch.Tensor input, torch.Tensor features)
    {
        var h = torch.cat([input, features.expand(input.shape[0], features.shape[1])], 1);
        for (int layer = 0; layer < _shape.HiddenLayers; layer++)
            h = Apply(_shape.Activation, Linear(h, $"hidden.{layer}"));
        return Linear(h, "output").Plus(torch.nn.functional.linear(input, Parameter("skip.weight")));
    }
}
