using System.Text;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>What makes two sweeps the same: the resolved spec without the paths of hashed files, expectations and limits.</summary>
internal static class SweepIdentity
{
    public static string Of(JsonObject resolved)
    {
        var bare = ExpectationJson.Without(resolved).DeepClone().AsObject();
        bare.Remove(LimitsSection.Name);
        return CanonicalJson.Hash(Encoding.UTF8.GetBytes(CanonicalJson.WriteHashed(bare)));
    }
}
