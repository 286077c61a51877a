using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>Rows of a training batch, on the device.</summary>
/// <param name="Input">The scaled x, (n, d).</param>
/// <param name="Features">Of the noise levels, (n, time features).</param>
/// <param name="Target">What the network is to say, (n, d).</param>
/// <param name="Scale">2 weight / (batch d), (n, 1).</param>
internal readonly record struct TorchBatch(torch.Tensor Input, torch.Tensor Features, torch.Tensor Target, torch.Tensor Scale);
