using Sweep.Grains.Orleans;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class DeadSilosTests
{
    [Theory]
    [InlineData("a", new[] { "a" }, new string[0], true)]
    [InlineData("a/cuda:0", new[] { "a" }, new string[0], true)]
    [InlineData("ab", new[] { "a" }, new string[0], false)]
    [InlineData("a", new[] { "a/1" }, new string[0], false)]
    [InlineData("a", new string[0], new[] { "a" }, false)]
    [InlineData("other", new[] { "a" }, new[] { "b" }, false)]
    [InlineData("a/17/ff", new[] { "a" }, new[] { "a/17/ff" }, false)]
    [InlineData("a/17/ff/cuda:1", new[] { "a" }, new[] { "a/17/ff" }, false)]
    [InlineData("a/17/ff", new[] { "a/17/ff" }, new[] { "a" }, true)]
    [InlineData("a", new[] { "" }, new string[0], false)]
    public void IsDead_ByTheLongestNameThatFits_IsThatMembers(string silo, string[] dead, string[] living, bool expected) =>
        Assert.Equal(expected, DeadSilos.IsDead(silo, dead, living));
}
