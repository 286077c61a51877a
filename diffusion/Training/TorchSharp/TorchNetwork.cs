using Sweep.Diffusion.Networks;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// A network's forward pass over parameters that are views into a flat tensor in the order of its layout. Not thread-safe; disposing of it leaves the flat
/// tensors alone.
/// </summary>
internal abstract class TorchNetwork : IDisposable
{
    private readonly Dictionary<string, torch.Tensor> _parameters;

    /// <param name="shape">The network.</param>
    /// <param name="weights">Flat (P).</param>
    /// <param name="gradient">Flat (P): what backward adds to; null for a network that is only used.</param>
    protected TorchNetwork(NetworkShape shape, torch.Tensor weights, torch.Tensor? gradient)
    {
        using var scope = torch.NewDisposeScope();
        _parameters = shape.Blocks.ToDictionary(b => b.Name, b => View(weights, b), StringComparer.Ordinal);
        if (gradient is not null)
        {
            // Accumulated in place, so it stays the view.
            foreach (var block in shape.Blocks)
                _parameters[block.Name].requires_grad_(true).grad = View(gradient, block);
        }

        foreach (var parameter in _parameters.Values)
            parameter.DetachFromDisposeScope();
    }

    /// <param name="shape">The network.</param>
    /// <param name="weights">Flat (P).</param>
    /// <param name="gradient">Flat (P), or null.</param>
    public static TorchNetwork Create(NetworkShape shape, torch.Tensor weights, torch.Tensor? gradient) => shape switch
    {
        MlpShape mlp => new TorchMlp(mlp, weights, gradient),
        ResidualShape residual => new TorchResidual(residual, weights, gradient),
        UNetShape unet => new TorchUNet(unet, weights, gradient),
        _ => throw new ArgumentException($"network: {shape.Kind}; allowed: {string.Join(", ", NetworkKinds.Names)}", nameof(shape)),
    };

    /// <summary>The output (n, d).</summary>
    /// <param name="input">The scaled x, (n, d).</param>
    /// <param name="features">Of the noise level, (n, time features), or (1, time features) for one level for all.</param>
    public abstract torch.Tensor Forward(torch.Tensor input, torch.Tensor features);

    public void Dispose()
    {
        foreach (var parameter in _parameters.Values)
            parameter.Dispose();
    }

    protected torch.Tensor Parameter(string name) => _parameters[name];

    protected torch.Tensor Linear(torch.Tensor x, string name) => torch.nn.functional.linear(x, Parameter($"{name}.weight"), Parameter($"{name}.bias"));

    protected static torch.Tensor Apply(Activation activation, torch.Tensor z) => activation switch
    {
        Activation.Silu => torch.nn.functional.silu(z),
        Activation.Relu => torch.nn.functional.relu(z),
        Activation.Tanh => torch.nn.functional.tanh(z),
        Activation.Gelu => torch.nn.functional.gelu(z),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    private static torch.Tensor View(torch.Tensor flat, ParameterBlock block) =>
        flat.narrow(0, block.Offset, block.Count).view(Array.ConvertAll(block.TensorShape, n => (long)n)).detach();
}
