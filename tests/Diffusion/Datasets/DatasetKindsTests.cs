using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class DatasetKindsTests
{
    [Theory]
    [InlineData("gmm-ring", 2, 8)]
    [InlineData("gmm-grid", 2, 9)]
    [InlineData("gmm-random", 4, 8)]
    [InlineData("gmm-product", 2, 4)]
    [InlineData("gmm-aniso", 8, 8)]
    public void Create_WithDefaults_HasTheDocumentedShape(string name, int dimensions, int modes)
    {
        IDataset dataset = DatasetUnderTest.Create(name);

        Assert.Equal(dimensions, dataset.Dimensions);
        Assert.Equal(modes, dataset.Modes!.Weights.Count);
    }

    [Theory]
    [InlineData("gmm-random")]
    [InlineData("gmm-product")]
    [InlineData("gmm-aniso")]
    public void Create_WhenTheDefinitionSeedDiffers_GivesAnotherDensity(string name)
    {
        IDataset a = DatasetUnderTest.Create(name), b = DatasetUnderTest.Create(name, """{"definition_seed": 1}""");
        // Off the origin, which every mixing matrix maps to itself.
        double[] point = Enumerable.Repeat(0.5, a.Dimensions).ToArray(), natsA = new double[1], natsB = new double[1];
        a.Density!.LogDensity(point, natsA);
        b.Density!.LogDensity(point, natsB);

        Assert.NotEqual(natsA[0], natsB[0]);
    }

    [Fact]
    public void Create_OfGrid_PutsMeansOnTheRotatedGrid()
    {
        var mixture = (GaussianMixture)DatasetUnderTest.Create("gmm-grid", """{"side": 2, "half_width": 2, "rotation_degrees": 90}""").Density!;
        (double X, double Y)[] means = Enumerable.Range(0, 4)
            .Select(k => (Math.Round(mixture.Means[2 * k], 9), Math.Round(mixture.Means[(2 * k) + 1], 9))).ToArray();

        Assert.Equal([(2, -2), (2, 2), (-2, -2), (-2, 2)], means);
    }

    [Fact]
    public void Create_OfGridWithSideOne_IsOneGaussianAtTheOrigin()
    {
        var mixture = (GaussianMixture)DatasetUnderTest.Create("gmm-grid", """{"side": 1}""").Density!;

        Assert.Equal([0, 0], mixture.Means.ToArray());
    }

    [Fact]
    public void Create_OfProductInOneDimension_IsTheFactorUpToSign()
    {
        IDensity density = DatasetUnderTest.Create("gmm-product", """{"dimensions": 1, "condition": 9}""").Density!;
        double[] nats = new double[1];
        density.LogDensity([1.0], nats);

        // 0.5 N(1; -1, 0.2^2) + 0.5 N(1; 1, 0.2^2); the far half is exp(-50).
        Assert.Equal(Math.Log(0.5 / (0.2 * Math.Sqrt(2 * Math.PI))), nats[0], Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Create_OfProduct_CyclesThroughTheFactorsGiven()
    {
        IDataset dataset = DatasetUnderTest.Create("gmm-product", """
            {"dimensions": 3, "factors": [[{"mean": 0, "std": 1}], [{"weight": 1, "mean": -2, "std": 0.1}, {"weight": 3, "mean": 2, "std": 0.1}]]}
            """);

        Assert.Equal([0.25, 0.75], dataset.Modes!.Weights);
    }

    [Fact]
    public void Create_OfAniso_HasTheDocumentedCovarianceSpectrum()
    {
        var mixture = (GaussianMixture)DatasetUnderTest.Create("gmm-aniso").Density!;
        double[] covariance = new double[64];
        mixture.Shapes.Covariance(3, covariance);

        double trace = Enumerable.Range(0, 8).Sum(i => covariance[i * 9]);
        double squares = covariance.Sum(c => c * c);
        Assert.Equal(Enumerable.Range(1, 8).Sum(k => Math.Pow(0.3 / k, 2)), trace, Tolerances.ReferenceRelative);
        Assert.Equal(Enumerable.Range(1, 8).Sum(k => Math.Pow(0.3 / k, 4)), squares, Tolerances.ReferenceRelative);
    }

    [Theory]
    [InlineData("gmm", """{"means": [[0, 0], [1]], "covariances": [1, 1]}""", "means[1]: 1 coordinates; allowed: 2, as in means[0]")]
    [InlineData("gmm", """{"means": [[0]], "covariances": [1, 1]}""", "covariances: 2 entries; allowed: 1, one per mean")]
    [InlineData("gmm", """{"means": [[0]], "covariances": [-1]}""", "covariances[0]: -1; allowed: a number greater than 0")]
    [InlineData("gmm", """{"means": [[0]], "covariances": [1], "weights": [1, 1]}""", "weights: 2 entries; allowed: 1, one per mean")]
    [InlineData("gmm", """{"means": [[0]], "covariances": [1], "weights": [0]}""", "weights[0]: 0; allowed: a number greater than 0")]
    [InlineData("gmm", """{"means": [["a"]], "covariances": [1]}""", "means[0][0]: \"a\"; allowed: a finite number")]
    [InlineData("gmm", """{"means": [[0, 0]], "covariances": [[[1, 2], [2, 1]]]}""",
        "covariances[0] is not positive definite: [[1,2],[2,1]]; allowed: a symmetric positive definite matrix")]
    [InlineData("gmm", """{"means": [[0, 0]], "covariances": [[[1, 0.5], [0, 1]]]}""",
        "covariances[0] is not symmetric: [[1,0.5],[0,1]]; allowed: a symmetric positive definite matrix")]
    [InlineData("gmm", """{"means": [[0, 0]], "covariances": [[1]]}""", "covariances[0]: [1]; allowed: a variance, 2 variances or a 2 x 2 matrix")]
    [InlineData("gmm-product", """{"factors": []}""", "factors: []; allowed: a list of mixtures")]
    [InlineData("gmm-product", """{"factors": [[{"mean": 0, "sd": 1}]]}""", "factors[0][0]: unknown key sd; allowed: weight, mean, std")]
    [InlineData("gmm-product", """{"factors": [[{"mean": 0, "std": 0}]]}""", "factors[0][0].std: 0; allowed: a number greater than 0")]
    [InlineData("gmm-aniso", """{"dimensions": 1024, "components": 4096}""",
        "dimensions and components: 1024 and 4096; allowed: dimensions^2 components up to 16777216")]
    public void Create_WhenTheValuesMakeNoSense_SaysWhatIsAllowed(string name, string parameters, string message) =>
        Assert.Equal(message, Assert.Throws<KindException>(() => DatasetUnderTest.Create(name, parameters)).Message);
}
