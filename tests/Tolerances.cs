namespace Sweep.Tests;

/// <summary>Every tolerance the tests use, each with its reason. None is loosened to go green.</summary>
internal static class Tolerances
{
    /// <summary>fp32 Box-Muller noise against double: a few roundings (6e-8 each) of values up to 6.7.</summary>
    public const double NormalNoise = 2e-6;

    /// <summary>
    /// fp32 gradients against double, relative to the tensor's largest value: sums of up to a thousand roundings of 6e-8, which mostly cancel.
    /// </summary>
    public const double FusedGradient = 1e-5;

    /// <summary>
    /// An fp32 elementary function against double, relative or absolute as its test says: polynomial error 1.5e-7 at most, and a few roundings of 6e-8.
    /// </summary>
    public const double Fp32Function = 5e-7;

    /// <summary>A small network's output in fp32 against double, values of order 1: tens of roundings.</summary>
    public const double SinglePrecisionNetwork = 2e-6;

    /// <summary>x0-hat of a network trained briefly on one point 1.5 from the origin.</summary>
    public const double TrainedPoint = 0.15;

    /// <summary>Agreement with a float64 reference computed by another library: a few hundred rounding errors.</summary>
    public const double ReferenceRelative = 1e-10;

    /// <summary>A probability that is a sum over thousands of smooth terms of which some are left out, and a root found to 1e-9 of itself.</summary>
    public const double Probability = 1e-8;

    /// <summary>
    /// A mixture's log-density in fp32, relative to 1 + |it|: eight roundings of 6e-8 in a squared distance, its scale, the exponential's sum and the
    /// logarithm.
    /// </summary>
    public const double SingleLogDensity = 1e-6;

    /// <summary>
    /// A product of matrices of standard normal numbers, by element, over the root of its depth: a rounding of 1e-16 for each of its terms, which mostly
    /// cancel.
    /// </summary>
    public const double MatrixProduct = 1e-14;

    /// <summary>
    /// A polar factor's defining symmetry, for a matrix of norm 1: its first step inverts a matrix of condition 3e5, and multiplies by 1200 what that rounds.
    /// </summary>
    public const double PolarFactor = 1e-7;

    /// <summary>U U^T less the identity, by row over the dimensions: roundings of 1e-16 in sums of that many products.</summary>
    public const double Orthogonality = 1e-14;

    /// <summary>
    /// The contrast of two ends of FastICA at one optimum, relative: each is within some 1e-6 of it in angle, and the sum of squares is not quite flat there.
    /// </summary>
    public const double Contrast = 1e-5;

    /// <summary>The mean of u^4 over 100,000 normal quantiles against its expectation: what the cut tails lack.</summary>
    public const double NormalQuantiles = 1e-3;

    /// <summary>A logarithm of a small number: a few roundings of 1e-16.</summary>
    public const double Rounding = 1e-14;

    /// <summary>
    /// An interval of values of order 1 from running moments against two passes: a few roundings in the variance, a square root and a t quantile of up to 13.
    /// </summary>
    public const double RunningMoments = 1e-13;

    /// <summary>Inverse(Forward(x)) = x, relative to 1 + |x|: the promise of IFittedPreprocessing.</summary>
    public const double RoundTrip = 1e-9;

    /// <summary>Central finite differences with step 1e-5 in double precision: truncation 1e-10 times the third derivative, cancellation 1e-11.</summary>
    public const double FiniteDifference = 1e-6;

    /// <summary>A standard deviation over 20,000 draws has a sampling error of 0.5 %; four of those, and under 1 % of discretisation.</summary>
    public const double SampledStandardDeviation = 0.03;

    /// <summary>
    /// FastICA's unmixing matrix against scikit-learn's: both stop within 1e-10 of 1 - |cos| of the fixed point, and the reference is printed to 1e-10.
    /// </summary>
    public const double FastIca = 1e-6;

    /// <summary>
    /// A marginal table against the exact kernel estimate, in z or in bandwidths: cells are halved until they agree to 1e-6 at their middle; grouping points
    /// within 1/16 of a bandwidth and the error elsewhere in a cell add a few times that.
    /// </summary>
    public const double MarginalTable = 1e-5;

    /// <summary>Hart's rational approximation of the normal tail within 5 standard deviations.</summary>
    public const double FastNormalTail = 1e-10;

    /// <summary>
    /// The improved Sheather-Jones bandwidth against another implementation: both bin the points to 1/16384 of the range, at edges that differ by rounding.
    /// </summary>
    public const double SheatherJones = 1e-3;

    /// <summary>
    /// log|det J| against central differences at the best of six steps: cancellation 1e-16 / step times the condition, and the jump of the second derivative at
    /// a knot times the step.
    /// </summary>
    public const double LogDeterminantDifference = 1e-5;

    /// <summary>
    /// Mean log-likelihood of Gaussianized noise, mapped back, against the truth level with 20,000 training points: 0.04 nats of kernel smoothing and
    /// unmixing error, and the sampling error of two means over 4096 points (0.03 each).
    /// </summary>
    public const double TruthLevelNats = 0.1;

    /// <summary>Four sampling errors of a mean log-density over 4096 points by which an estimate may beat the truth on them.</summary>
    public const double SampledNats = 0.02;

    /// <summary>Unbiased energy distances of two samples of 1000 points scatter by about 0.01 around 0.</summary>
    public const double EnergyOfTruth = 0.03;

    /// <summary>Grouping points within 1/16 of a bandwidth, in z: a relative change of the kernel's variance by 1/3000.</summary>
    public const double GroupedKernels = 1e-3;

    /// <summary>
    /// A store operation's cost with a thousand finished trials over that with fifty: a B-tree's depth and half-full pages, not the number of rows.
    /// </summary>
    public const double CostGrowth = 1.3;

    /// <summary>
    /// The order of convergence between 640 and 1280 steps of a factor 1.015: the next term of the error's expansion.
    /// </summary>
    public const double ObservedOrder = 0.25;

    /// <summary>The same of convergence in law, between 80 and 160 steps of a factor 1.08 at most.</summary>
    public const double WeakOrder = 0.25;

    /// <summary>
    /// A Gaussian's linear part by splines through estimates 0.09 apart in lambda: their fourth difference, 1e-6 at most, and the natural ends.
    /// </summary>
    public const double MeasuredGaussian = 1e-4;

    /// <summary>Heun's method in 2000 steps: a step of 0.007 in ln sigma, squared, times a share of the state.</summary>
    public const double FineHeun = 1e-4;

    /// <summary>
    /// A mixture's flow against its Gaussian's from sigma 80 to 10: the third cumulant, 0.4, over 6 sigma^2, times a quantile's square less one.
    /// </summary>
    public const double GaussianAtMuchNoise = 0.003;

    /// <summary>A posterior mean against quadrature: a ratio of sums of 48,001 terms; Tweedie's formula loses |x| / a roundings, at most 200 here.</summary>
    public const double PosteriorMean = 1e-9;

    /// <summary>
    /// A posterior mean under noise of 1e6 against the prior's mean: x / sigma^2 of 3e-9 times the variance, and 1e-16 of x. Also the projection onto a line
    /// under noise of 1e-4.
    /// </summary>
    public const double OverwhelmingNoise = 1e-6;

    /// <summary>
    /// The log-likelihood by the probability flow of an exact denoiser, in nats: 1e-5 a step over some 60 steps, and central differences of 2e-3 sigma.
    /// </summary>
    public const double FlowNats = 1e-3;

    /// <summary>
    /// A network's likelihood in single precision against double, in nats: a few roundings of 6e-8 over differences of 4e-3 sigma, most of which cancel over
    /// the path.
    /// </summary>
    public const double SinglePrecisionFlow = 5e-4;

    /// <summary>A decaying exponential solved to 1e-9 a step, whose errors decay too.</summary>
    public const double SolvedEquation = 1e-8;

    /// <summary>A point's distance from the curve it was drawn on: tens of roundings.</summary>
    public const double RecipeGeometry = 1e-9;

    /// <summary>
    /// A leading eigenvalue of 1797 images' covariance under uniform noise: the noise's sampled variance, and its correlation with the component, 2 sqrt(v /
    /// 3468 / 1797) of v.
    /// </summary>
    public const double DequantizedSpectrum = 5e-3;

    /// <summary>The nearest of the points a hair apart: the point itself and 1e-9 of the next under noise of 1e-3.</summary>
    public const double NearestPoint = 1e-3;

    /// <summary>A log-density in fp64, relative to 1 + its size: a handful of roundings of 1.1e-16 and two polynomials good to 1e-15.</summary>
    public const double LastBits = 4e-15;

    /// <summary>
    /// The size of a random field over 400 draws of it, each with some four independent values where the data lie: 1 / sqrt(2 * 1600), times four; relative.
    /// </summary>
    public const double FieldSize = 0.08;

    /// <summary>A sum of 100 terms of at most 0.05 from shares that are exact.</summary>
    public const double Divergence = 1e-13;

    /// <summary>Four sampling errors of the mean divergence of 50 samples, each with sqrt(99 / 2) / 4096, and its next order, 1/12 sum 1 / (n p)^2.</summary>
    public const double DivergenceOfDraws = 0.001;

    /// <summary>Losses of the packed trainer's single precision against double, relative: the weights' errors below, of which the loss feels a part.</summary>
    public const double PackedLoss = 1e-4;

    /// <summary>
    /// Its weights, relative to the way they went: Adam divides a gradient by its size, so where a gradient is near 0 its rounding errors count in full.
    /// </summary>
    public const double PackedWeights = 1e-3;

    /// <summary>
    /// A report of a sweep that trained and sampled packed against the CPU's, relative to 0.1 + its size: single precision's rounding (1e-7) after 200 steps of
    /// Adam and 25 reverse steps, which stretch it some hundredfold. A wrong sum is off by percents.
    /// </summary>
    public const double PackedReport = 1e-4;

    /// <summary>
    /// A point of the loss curve after 40 steps at a learning rate of 0.01, mean over two seeds: another trainer's single precision against the CPU's.
    /// </summary>
    public const double PackedLossCurve = 1e-3;

    /// <summary>
    /// A gradient by the tensor cores against single precision's, relative to the largest entry of its tensor: operands are rounded to 2^-11 of their size, to
    /// either side, and each layer on the way there and back adds its own; the errors of a batch average out only in part. The largest seen is 1e-3, with eight
    /// layers; a wrong index changes whole entries.
    /// </summary>
    public const double Tf32Gradient = 2e-3;

    /// <summary>
    /// The same with relu, as the root mean square over a tensor against its own: units whose input rounds to the other side of 0 are a row's whole share of
    /// it, a hundredth where a batch has a hundred rows.
    /// </summary>
    public const double Tf32ReluGradient = 5e-2;

    /// <summary>Losses of 50 steps with such gradients against double's, relative.</summary>
    public const double Tf32Loss = 1e-3;

    /// <summary>
    /// A sampler's tape against the sampler, relative to 1 + a state's size: some hundred roundings of 1e-16 in another order, and multistep coefficients of up
    /// to a hundred that cancel.
    /// </summary>
    public const double TapeOfASampler = 1e-9;

    /// <summary>
    /// States that a device sampled against the processor's, relative to 1 + their size: both keep them in double, but each x0-hat is off by <see
    /// cref="SinglePrecisionNetwork"/> times the output's scale (1.3 here), thirty of which meet in a state, stretched by the network's slope and the way back
    /// to data space (each up to 3 here). A wrong coefficient is off by percents.
    /// </summary>
    public const double DeviceState = 5e-5;

    /// <summary>The mean log-density of such states, in nats: their error times the score, up to 100 here.</summary>
    public const double DeviceStateNats = 2e-3;

    /// <summary>
    /// The device's log-densities in single precision, relative to 1 + their size: a squared distance is the sum of a few rounded squares of rounded
    /// differences (2^-23 each), and a difference near a mean has lost what the mean is large against.
    /// </summary>
    public const double PackedDensity = 5e-6;

    /// <summary>
    /// Sums of distances in single precision, relative: each is off by some 1e-7 to either side, 64 of them are added in single precision, and the errors of
    /// thousands average out.
    /// </summary>
    public const double PackedDistance = 3e-7;

    /// <summary>
    /// A network's output in double by libtorch against the scalar reference, values of order 1 to 100: thousands of roundings of 1e-16 in another order.
    /// </summary>
    public const double DoubleNetwork = 1e-10;

    /// <summary>
    /// Finite differences in double with a step of 1e-5, relative to the whole gradient: 1e-10 of the third derivative, and roundings of 1e-16 of the loss over
    /// the step.
    /// </summary>
    public const double NetworkSlope = 1e-6;

    /// <summary>A block's gradient in single precision, relative to its size: roundings of 6e-8 through tens of layers, some of whose sums cancel.</summary>
    public const double SinglePrecisionGradient = 1e-4;

    /// <summary>
    /// A network's loss on 1024 held-out points over its mean training loss in the last tenth of a short run: weights that grow as 1/sigma^2 let a few rows at
    /// the least noise carry a good part of either mean.
    /// </summary>
    public const double ValidationOfTraining = 0.15;
}
