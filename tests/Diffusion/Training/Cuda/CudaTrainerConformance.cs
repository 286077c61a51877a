using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>The packed trainer over the host's build of the kernels.</summary>
public class CudaTrainerConformance : TrainerConformance, IDisposable
{
    private readonly HostBackend _backend = new();

    public CudaTrainerConformance() => HostBackend.Require();

    protected override int StepsBetweenLooks => 32;

    public void Dispose()
    {
        Assert.Equal(0, _backend.Allocated);
        _backend.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override ITrainer Create() =>
        new CudaTrainer(_backend, new PackedOptions { FirstSteps = StepsBetweenLooks, MaxSteps = StepsBetweenLooks }, TimeProvider.System);
}
