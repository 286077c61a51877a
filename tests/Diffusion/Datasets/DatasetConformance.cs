using Sweep.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

/// <summary>What every <see cref="IDataset"/> promises.</summary>
public abstract class DatasetConformance
{
    private static readonly SplitSizes Sizes = new(400, 50, 60, 60);

    /// <summary>A fresh instance, equal to every other one it gives.</summary>
    protected abstract IDataset Create();

    [Fact]
    public void Draw_WhenTheSeedIsTheSame_GivesTheSamePointsFromAnyInstance()
    {
        DatasetSplit a = Create().Draw(Sizes, 5), b = Create().Draw(Sizes, 5);

        Assert.All(Sets(a).Zip(Sets(b)), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    [Fact]
    public void Draw_WhenTheSeedDiffers_GivesOtherPoints()
    {
        IDataset dataset = Create();
        DatasetSplit a = dataset.Draw(Sizes, 5), b = dataset.Draw(Sizes, 6);

        Assert.All(Sets(a).Zip(Sets(b)), pair => Assert.NotEqual(pair.First.Values, pair.Second.Values));
    }

    [Fact]
    public void Draw_WhenRunInParallel_GivesTheSamePoints()
    {
        IDataset dataset = Create();
        double[] expected = dataset.Draw(Sizes, 5).Training.Values;

        Parallel.For(0, 8, _ => Assert.Equal(expected, dataset.Draw(Sizes, 5).Training.Values));
    }

    [Fact]
    public void Draw_Always_GivesSetsWithoutASharedRow()
    {
        PointSet[] sets = Sets(Create().Draw(Sizes, 11));
        HashSet<string>[] rows = Array.ConvertAll(sets, Rows);

        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.Empty(rows[i].Intersect(rows[j], StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Draw_Always_GivesFinitePointsOfTheDimensionsAndAtMostTheSizesAskedFor()
    {
        IDataset dataset = Create();
        DatasetSplit split = dataset.Draw(Sizes, 3);

        Assert.All(Sets(split), set => Assert.Equal(dataset.Dimensions, set.Dimensions));
        Assert.All(Sets(split), set => Assert.All(set.Values, v => Assert.True(double.IsFinite(v))));
        Assert.InRange(split.Training.Count, 1, Sizes.Training);
        Assert.InRange(split.Validation.Count, 1, Sizes.Validation);
        Assert.InRange(split.Test.Count, 1, Sizes.Test);
        Assert.InRange(split.Fresh.Count, 1, Sizes.Fresh);
    }

    private static PointSet[] Sets(DatasetSplit split) => [split.Training, split.Validation, split.Test, split.Fresh];

    private static HashSet<string> Rows(PointSet set) =>
        Enumerable.Range(0, set.Count).Select(i => string.Join(',', set.Row(i).ToArray())).ToHashSet(StringComparer.Ordinal);
}
