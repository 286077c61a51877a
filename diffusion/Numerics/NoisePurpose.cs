namespace Sweep.Diffusion.Numerics;

/// <summary>
/// What a random number is for: the part of the Philox counter that keeps streams apart. The ids are part of every stored
/// result: never renumber, only append.
/// </summary>
public enum NoisePurpose : uint
{
    /// <summary>What is random in a dataset's definition (means, mixing matrix); keyed by its definition_seed.</summary>
    DatasetDefinition = 1,
    TrainingPoints = 2,
    ValidationPoints = 3,
    TestPoints = 4,

    /// <summary>A second set of true samples, for the truth levels of distances.</summary>
    FreshPoints = 5,

    /// <summary>The shuffle that splits a file's rows.</summary>
    FileSplit = 6,

    /// <summary>Random starting rotation of FastICA.</summary>
    PreprocessingFit = 7,
    InitialWeights = 8,

    /// <summary>Which training points a batch holds, and its noise levels.</summary>
    TrainingBatch = 9,

    /// <summary>The noise added to a training batch.</summary>
    TrainingNoise = 10,

    /// <summary>The sampler's starting point.</summary>
    InitialNoise = 11,

    /// <summary>Noise a stochastic sampler adds in a step.</summary>
    SamplerNoise = 12,

    /// <summary>Random directions of sliced distances.</summary>
    Projections = 13,
    Bootstrap = 14,
    Hutchinson = 15,

    /// <summary>Where a sampler's preparation evaluates the model.</summary>
    ModelStatistics = 16,

    /// <summary>Starting centres of a fitted mixture.</summary>
    MixtureFit = 17,

    /// <summary>The noise added to true points by a diagnostic.</summary>
    Diagnostics = 18,

    /// <summary>The smooth error field that is added to an exact score, and the noisy points on which the score's size is measured.</summary>
    ScoreError = 19,

    /// <summary>The noise added to the points of the validation loss.</summary>
    ValidationNoise = 20,

    /// <summary>The scrambling of a search's points; keyed by its seed.</summary>
    SearchPoints = 21,

    /// <summary>The shuffle that holds out the same rows of a file for every seed; keyed by no trial's seed.</summary>
    HeldOutRows = 22,

    /// <summary>What an estimator draws settings with; keyed by tuning's seed.</summary>
    TuningPoints = 23,
}
