using System.Text;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>What makes two sweeps the same: the resolved spec without the paths of hashed files, expectations, looks, what tuning chose, and limits.</summary>
internal static class SweepIdentity
{
    private static readonly string[] NoPlan = [ExpectationJson.Key, ExpectationJson.WithdrawnKey, LookJson.Key, TunedSuggestions.Key, TunedChoices.Key];

    public static string Of(JsonObject resolved)
    {
        var bare = Plan(resolved).DeepClone().AsObject();
        bare.Remove(LimitsSection.Name);
        return CanonicalJson.Hash(Encoding.UTF8.GetBytes(CanonicalJson.WriteHashed(bare)));
    }

    /// <summary>A resolved spec without its expectations and without what a store adds to it: what is run and how it is compared.</summary>
    public static JsonObject Plan(JsonObject resolved)
    {
        if (!Array.Exists(NoPlan, resolved.ContainsKey)) return resolved;
        var plan = resolved.DeepClone().AsObject();
        foreach (var key in NoPlan) plan.Remove(key);
        return plan;
    }
}
