using System.Text.Json;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class SpecSectionsTests
{
    [Theory]
    [InlineData("network", typeof(NetworkSpec))]
    [InlineData("training", typeof(TrainingSpec))]
    [InlineData("sampling", typeof(SamplingSpec))]
    public void All_Always_HasAKeyForEveryMemberOfTheSectionsRecord(string section, Type record)
    {
        var members = record.GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).Order(StringComparer.Ordinal);
        Assert.Equal(members, SpecSections.All.Single(s => s.Name == section).Keys.Select(k => k.Name).Order(StringComparer.Ordinal));
    }
}
