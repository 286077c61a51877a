using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

/// <summary>The trainer through libtorch, on the processor; skipped, with what is missing, where there is none.</summary>
public class TorchTrainerConformance : TrainerConformance
{
    public TorchTrainerConformance() => Assert.SkipWhen(TorchRuntime.Missing is not null, TorchRuntime.Missing ?? "");

    protected override ITrainer Create() => TorchRuntime.Engine.CreateTrainer("torch:cpu");
}

/// <summary>The same of residual networks.</summary>
public class TorchResidualConformance : TorchTrainerConformance
{
    private protected override NetworkShape Shape(MlpShape shape) =>
        new ResidualShape(shape.Dimensions, shape.TimeFeatures, shape.Width, shape.HiddenLayers, shape.Activation);
}
