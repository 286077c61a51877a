using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Cpu;

/// <summary>Wants nothing.</summary>
internal sealed class Unobserved : ITrainingObserver
{
    public void OnLoss(int job, LossPoint point)
    {
    }

    public bool WantsCheckpoint(int job, int step) => false;

    public void OnCheckpoint(int job, int step, byte[] checkpoint)
    {
    }
}
