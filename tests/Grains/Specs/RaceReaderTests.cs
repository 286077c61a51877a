using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class RaceReaderTests
{
    private const string Axes = "axes:\n  dataset: [gmm-ring]\n  preprocessing: [none, standardize]\n";

    [Fact]
    public void Read_WhenLooksAreGiven_HasTheLastLooksSeedsAndTheSameTrials()
    {
        SweepSpec race = Read("seeds: {looks: [5, 8, 12, 20]}\n").Spec!, plain = Read("seeds: 20\n").Spec!;

        Assert.Equal(plain.Seeds, race.Seeds);
        Assert.Equal(TrialExpansion.Expand(plain).Select(TrialSpecJson.Write), TrialExpansion.Expand(race).Select(TrialSpecJson.Write));
        Assert.NotEqual(plain.Id, race.Id);
        Assert.Null(plain.Race);
        Assert.False(plain.Resolved.ContainsKey("race"));
        Assert.Equal([5, 8, 12, 20], race.Race!.Looks);
        Assert.Equal((null, null, true), (race.Race.Spend, race.Race.Margin, race.Race.Futility));
        Assert.Equal([1, 1, 2, 2, 3, 4], new[] { 0, 4, 5, 7, 8, 19 }.Select(race.Race.StageOf));
        Assert.Throws<ArgumentOutOfRangeException>(() => race.Race.StageOf(20));
    }

    [Fact]
    public void Restore_OfARace_HasAllOfIt()
    {
        SweepSpec race = Read("seeds: {looks: [3, 6]}\nrace: {margin: 0.5, spend: [0.25, 0.75], futility: false}\n").Spec!;
        SweepSpec restored = SweepSpecJson.Restore(race.Resolved.ToJsonString(), race.Source);

        Assert.Equal(race.Id, restored.Id);
        Assert.Equal([3, 6], restored.Race!.Looks);
        Assert.Equal([0.25, 0.75], restored.Race.Spend);
        Assert.Equal((0.5, false), (restored.Race.Margin, restored.Race.Futility));
    }

    [Theory]
    [InlineData("seeds: {looks: 5}", "seeds.looks: 5; allowed: at least two rising numbers of seeds, the first at least 2")]
    [InlineData("seeds: {looks: []}", "seeds.looks: an empty list; allowed: at least two")]
    [InlineData("seeds: {looks: [5]}", "seeds.looks: 1 of them; allowed: at least two")]
    [InlineData("seeds: {looks: [1, 5]}", "seeds.looks: 1; allowed: whole numbers from 2 to")]
    [InlineData("seeds: {looks: [5, 5]}", "seeds.looks: 5 after 5; allowed: rising numbers")]
    [InlineData("seeds: {looks: [8, 5]}", "seeds.looks: 5 after 8; allowed: rising numbers")]
    [InlineData("seeds: {looks: [5, 7.5]}", "seeds.looks: 7.5; allowed: whole numbers")]
    [InlineData("seeds: {looks: [5, '8']}", "seeds.looks: \"8\" in quotes; allowed: whole numbers")]
    [InlineData("seeds: {look: [5, 8]}", "unknown key in seeds: look (did you mean looks?)")]
    [InlineData("seeds: {}", "seeds: a mapping without looks; allowed: {looks: [5, 8, 12, 20]}")]
    [InlineData("seeds: 5\nrace: {margin: 1}", "race: there are no looks; allowed: beside seeds: {looks: [5, 8, 12, 20]}")]
    [InlineData("race: {margin: 1}", "race: there are no looks")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {margin: 0}", "race.margin: 0; allowed: a number above 0")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {margin: -1}", "race.margin: -1; allowed: a number above 0")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {futility: 1}", "race.futility: 1; allowed: true, false")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {spend: 1}", "race.spend: 1; allowed: a share of the level for each of the 2 looks, from 0.000001 on")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {spend: [1]}", "race.spend: 1 of them; allowed: a share of the level for each of the 2 looks")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {spend: [0.5, 0.4]}", "race.spend: the shares sum to 0.9; allowed: a share")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {spend: [0, 1]}", "race.spend: 0; allowed: a share")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {margins: 1}", "unknown key in race: margins (did you mean margin?)")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {spend: [1e-300, 1]}", "race.spend: 1e-300; allowed: a share of the level")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: {}", "race: nothing in it; allowed: margin, spend or futility, or no race for their defaults")]
    [InlineData("seeds: {looks: [5, 8]}\nrace:", "race: nothing in it; allowed: margin, spend or futility, or no race for their defaults")]
    [InlineData("seeds: {looks: [5, 8]}\nrace: 3", "race: 3; allowed: a mapping with margin, spend or futility")]
    [InlineData("seeds: {looks: [5, 2000000]}", "seeds.looks: 2000000; allowed: whole numbers from 2 to 1000000")]
    public void Read_WhenARaceIsWrong_SaysWhatIsAllowed(string lines, string message)
    {
        SpecReading reading = Read(lines + "\n");
        Assert.Null(reading.Spec);
        SpecError error = Assert.Single(reading.Errors);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenNothingIsCompared_RefusesLooks()
    {
        SpecReading reading = Read("seeds: {looks: [5, 8]}\n", "axes:\n  dataset: [gmm-ring]\n  preprocessing: none\n");
        Assert.Contains("nothing is compared, as", Assert.Single(reading.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ComparesAlike_WhenOnlyTheRaceDiffers_IsFalse()
    {
        SweepSpec one = Read("seeds: {looks: [5, 8]}\n").Spec!, two = Read("seeds: {looks: [6, 8]}\n").Spec!;
        SweepSpec margin = Read("seeds: {looks: [5, 8]}\nrace: {margin: 1}\n").Spec!, none = Read("seeds: 8\n").Spec!;
        Assert.All([two, margin, none], other => Assert.False(SpecDifference.ComparesAlike(one.Resolved, other.Resolved)));
        Assert.True(SpecDifference.ComparesAlike(one.Resolved, Read("seeds: {looks: [5, 8]}\nrace: {futility: true}\n").Spec!.Resolved));
    }

    private static SpecReading Read(string lines, string axes = Axes) =>
        SpecReader.ReadText($"sweep: s\n{lines}{axes}", "s.yaml", "/", SpecCatalogue.Default);
}
