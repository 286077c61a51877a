using System.Reflection;
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

    /// <summary>Trials with exactly these keys are in stores: any other key must be one that joined, or they would change their ids.</summary>
    [Theory]
    [InlineData("network", "kind, hidden_layers, activation, time_features, width")]
    [InlineData("training", "steps, batch, learning_rate, warmup_steps, points, parametrisation")]
    [InlineData("sampling", "sampler, steps, samples")]
    public void All_WhenAKeyIsNotOfTheFirstVersion_IsJoinedAndLast(string section, string first)
    {
        var keys = SpecSections.All.Single(s => s.Name == section).Keys;
        Assert.Equal(first, string.Join(", ", keys.TakeWhile(k => !k.Joined).Select(k => k.Name)));
        Assert.All(keys.SkipWhile(k => !k.Joined), k => Assert.True(k.Joined, k.Name));
    }

    [Theory]
    [InlineData("network", typeof(NetworkSpec))]
    [InlineData("training", typeof(TrainingSpec))]
    [InlineData("sampling", typeof(SamplingSpec))]
    public void All_WhenAKeyJoined_HasADefaultAndANullableMember(string section, Type record)
    {
        foreach (var key in SpecSections.All.Single(s => s.Name == section).Keys.Where(k => k.Joined))
        {
            var member = record.GetProperties().Single(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name) == key.Name);
            Assert.Equal(NullabilityState.Nullable, new NullabilityInfoContext().Create(member).ReadState);
            Assert.NotNull(key.Parameter.DefaultValue);
            if (key.Seam is not { } seam) continue;
            Assert.True(SpecCatalogue.Default.Of(seam).TryGet(key.Parameter.DefaultValue.GetValue<string>(), out var kind));
            Assert.Empty(kind.Parameters);
        }
    }

    [Fact]
    public void All_WhenAKeyHasACondition_IsJoinedAndTheConditionCanHold() =>
        Assert.All(
            SpecSections.All.SelectMany(s => s.Keys.Where(k => k.OnlyWith is not null).Select(k => (Section: s, Key: k))),
            x =>
            {
                Assert.True(x.Key.Joined);
                Assert.Contains(x.Key.OnlyWith!.Value, x.Section.Keys.Single(k => k.Name == x.Key.OnlyWith.Key).Parameter.Choices);
            });
}
