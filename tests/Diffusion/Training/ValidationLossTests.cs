using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

public sealed class ValidationLossTests
{
    private static readonly PointSet Normal = new(new PhiloxNoise(3).Initial(1024, 2, 1), 2);

    /// <summary>
    /// Of N(0, I) the best guess of epsilon at signal a is s x, which errs by a^2 a coordinate: over the midpoint quantiles of the time the mean of a^2. Each
    /// of the 1024 rows of 2 has a standard deviation of about a^2, so four standard errors are 4 sqrt(mean a^4 / 1024).
    /// </summary>
    [Fact]
    public void Of_TheExactDenoiserOfANormal_IsTheMeanSquaredSignal()
    {
        var schedule = new VpLinear();
        double[] squares =
            [.. Enumerable.Range(0, ValidationLoss.Levels).Select(i => schedule.At((i + 0.5) / ValidationLoss.Levels).Signal).Select(a => a * a)];
        float[] rows = Loss(new TrainingDesign { Schedule = schedule }).Of(new ExactDenoiser(GaussianMixture.Isotropic([1], [0, 0], [1])));
        Assert.Equal(1024, rows.Length);
        Assert.Equal(squares.Average(), rows.Average(l => (double)l), 4 * Math.Sqrt(squares.Average(q => q * q) / rows.Length));
    }

    public static TheoryData<Parametrisation, LossWeighting> Designs => new MatrixTheoryData<Parametrisation, LossWeighting>(
        Enum.GetValues<Parametrisation>(), Enum.GetValues<LossWeighting>());

    /// <summary>
    /// The same number that the trainer minimises, in any parametrisation and weighting: its last windows' mean on the training points, ours on others of the
    /// same distribution.
    /// </summary>
    [Theory]
    [MemberData(nameof(Designs))]
    public void Of_ATrainedNetwork_IsAboutItsTrainingLoss(Parametrisation parametrisation, LossWeighting weighting)
    {
        var design = new TrainingDesign { Schedule = new EdmKarras(), Parametrisation = parametrisation, Weighting = weighting,
            Distribution = NoiseDistribution.LogNormalSigma() };
        var job = new TrainingJob
        {
            Shape = NetworkKinds.Create("mlp", 2, 16, 16, 2, Activation.Silu),
            Settings = new TrainingSettings(400, 256, 3e-3, 50),
            Design = design,
            Data = Array.ConvertAll(new PhiloxNoise(4).Initial(4096, 2, 1), x => (float)x),
            Seed = 1,
        };
        TrainedNetwork network = new CpuTrainer().Train([job], new Recorder(), TestContext.Current.CancellationToken)[0].Require();
        using ITrainedDenoiser denoiser = network.CreateDenoiser();
        double trained = network.Losses.TakeLast(40).Average(l => l.Loss),
            validated = new ValidationLoss(design, job.SigmaData, Normal, 5).Of(denoiser).Average(l => (double)l);
        Assert.Equal(1, validated / trained, Tolerances.ValidationOfTraining);
    }

    [Fact]
    public void Of_WhenRunTwice_GivesTheSameBits()
    {
        var exact = new ExactDenoiser(GaussianMixture.Isotropic([1], [0, 0], [1]));
        Assert.Equal(Loss(new TrainingDesign { Schedule = new VpLinear() }).Of(exact), Loss(new TrainingDesign { Schedule = new VpLinear() }).Of(exact));
    }

    [Fact]
    public void Of_FewPoints_HasARowOfEach() =>
        Assert.Equal(3, new ValidationLoss(new TrainingDesign { Schedule = new VpLinear() }, 1, new PointSet([1, 2, 3], 1), 1)
            .Of(new ExactDenoiser(GaussianMixture.Isotropic([1], [0], [1]))).Length);

    private static ValidationLoss Loss(TrainingDesign design) => new(design, 1, Normal, 5);
}
