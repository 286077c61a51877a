using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Gpu;

/// <summary>Wants nothing.</summary>
internal sealed class Unobserved : ITrainingObserver
{
    public void OnLoss(int job, LossPoint point)
    {
    }
}
