using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Preparation;

/// <summary>Builds what a trial names.</summary>
internal static class TrialKinds
{
    /// <exception cref="TrialFailedException">No such kind, or its values make no sense together.</exception>
    public static T Create<T>(KindRegistry<T> registry, KindSpec spec)
        where T : class
    {
        try
        {
            return registry.Create(spec.Kind, new ParameterValues(spec.Parameters));
        }
        catch (KindException e)
        {
            throw new TrialFailedException($"{registry.Seam} {spec.Name}: {e.Message}", e);
        }
    }
}
