using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Preprocessing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Fits;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Silo.Orleans;

/// <summary>
/// The fits of an Orleans cluster: asks a fit's grain before it makes one, and gives it what was made. A cluster that doesn't answer costs sharing, never a
/// fit.
/// </summary>
/// <param name="grains">The cluster, as this process sees it now; throws <see cref="StoreException"/> while it sees none.</param>
/// <param name="key">The store's key.</param>
/// <param name="asker">This process's name, unique in the cluster.</param>
/// <param name="patience">How long a maker may be silent (<see cref="FitTimeout"/>).</param>
public sealed class ClusterFits(Func<IGrainFactory> grains, string key, string asker, TimeSpan patience, TimeProvider time) : IFitExchange
{
    /// <summary>A fit that is larger is made by every silo for itself.</summary>
    private const int LargestBytes = 16 << 20;

    private int _asked;

    /// <inheritdoc/>
    public IFittedPreprocessing Get(string content, Func<IFittedPreprocessing> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        string name = string.Create(CultureInfo.InvariantCulture, $"{asker}#{Interlocked.Increment(ref _asked)}");
        if (Try(() => Ask(content, name)) is not { } answered)
            return make();
        if (answered.Answer.Make)
            return Make(answered.Grain, name, make);
        return Try(() => Read(answered.Answer)) ?? make();
    }

    /// <summary>
    /// Until the fit is there or is this silo's to make. The grain answers after some seconds at most, and replaces a maker that is silent for too long.
    /// </summary>
    private Asked Ask(string content, string name)
    {
        IFitGrain grain = grains().GetGrain<IFitGrain>(GrainKeys.Fit(key, content));
        while (true)
        {
            WireFit answer = Wait(grain.AskAsync(name));
            if (answer.Make || answer.Fit is not null)
                return new Asked(grain, answer);
        }
    }

    private IFittedPreprocessing Make(IFitGrain grain, string name, Func<IFittedPreprocessing> make)
    {
        IFittedPreprocessing fitted;
        using (time.CreateTimer(_ => Tell(() => grain.MakingAsync(name)), null, patience / 4, patience / 4))
        {
            try
            {
                fitted = make();
            }
            catch
            {
                Tell(() => grain.GaveUpAsync(name));
                throw;
            }
        }

        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(fitted.Save());
        Tell(() => grain.MadeAsync(bytes.Length <= LargestBytes ? bytes : []));
        return fitted;
    }

    /// <summary>Null where the fit doesn't travel.</summary>
    private static FittedPreprocessing? Read(WireFit answer) =>
        answer.Fit is { Length: > 0 } bytes ? FittedPreprocessing.Load(JsonNode.Parse(bytes)!.AsObject()) : null;

    /// <summary>Null when the cluster doesn't answer, or what it answers can't be read.</summary>
    private static T? Try<T>(Func<T?> what)
        where T : class
    {
        try
        {
            return what();
        }
        catch (Exception e) when (e is StoreException or EngineException or JsonException or PreprocessingException || ClusterFault.Is(e))
        {
            return null;
        }
    }

    /// <summary>Attempts have threads of their own.</summary>
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    /// <summary>Whether it arrives or not.</summary>
    private static void Tell(Func<Task> what)
    {
        try
        {
            what().Ignore();
        }
        catch (Exception e) when (e is StoreException or OrleansException)
        {
            // This silo has just left the cluster.
        }
    }

    private sealed record Asked(IFitGrain Grain, WireFit Answer);
}
