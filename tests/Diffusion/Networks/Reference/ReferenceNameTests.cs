using Sweep.Diffusion.Networks.Reference;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

public sealed class ReferenceNameTests
{
    [Theory]
    [InlineData("delta", "delta", null, null, false)]
    [InlineData("gaussian-rank-8", "gaussian", null, 8, false)]
    [InlineData("gaussian-shrunk", "gaussian", null, null, true)]
    [InlineData("mixture-10", "mixture", 10, null, false)]
    [InlineData("mixture-10-rank-8", "mixture", 10, 8, false)]
    [InlineData("mixture-4096-rank-1023", "mixture", 4096, 1023, false)]
    public void Find_OfAName_GivesItsPartsAndTheNameBack(string text, string kind, int? components, int? rank, bool shrunk)
    {
        ReferenceName? name = ReferenceName.Find(text);
        Assert.Equal(new ReferenceName(kind, components, rank, shrunk), name);
        Assert.Equal(text, name!.ToString());
    }

    /// <summary>Each reference has one spelling.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("mixtures")]
    [InlineData("mixture-")]
    [InlineData("mixture-0")]
    [InlineData("mixture-08")]
    [InlineData("mixture-+8")]
    [InlineData("mixture-4097")]
    [InlineData("mixture-8-rank")]
    [InlineData("mixture-8-rank-0")]
    [InlineData("mixture-rank-8")]
    [InlineData("mixture-shrunk")]
    [InlineData("gaussian-8")]
    [InlineData("gaussian-rank-1024")]
    [InlineData("delta-rank-3")]
    public void Find_OfAnythingElse_IsNull(string text) => Assert.Null(ReferenceName.Find(text));

    [Fact]
    public void InOrder_Always_PutsKindsFirstThenNumbersByValue() => Assert.Equal(
        ["gaussian", "exact", "identity", "gaussian-shrunk", "gaussian-rank-8", "mixture-2", "mixture-10", "mixture-10-rank-4", "mixture-10-rank-16"],
        ReferenceName.InOrder(
            ["mixture-10-rank-16", "identity", "mixture-10", "gaussian-rank-8", "exact", "mixture-2", "gaussian", "mixture-10-rank-4", "gaussian-shrunk",
                "exact"],
            ["gaussian", "mixture", "delta", "exact", "identity"]));
}
