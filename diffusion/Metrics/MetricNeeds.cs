using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Metrics;

/// <summary>What a trial must have for a metric to have a value, beside a diagnostic that its spec must ask for.</summary>
[Flags]
public enum MetricNeeds
{
    Nothing = 0,

    /// <summary>A dataset whose density is known: then a trial has log-likelihoods, of its samples and along its reverse steps.</summary>
    Density = 1,

    /// <summary>A dataset whose modes are known.</summary>
    Modes = 2,

    /// <summary>A network that is trained.</summary>
    Training = 4,

    /// <summary>The exact score in latent space: a Gaussian mixture behind an affine preprocessing.</summary>
    ExactScore = 8,

    /// <summary>Data of one dimension.</summary>
    OneDimension = 16,
}

/// <summary>What of <see cref="MetricNeeds"/> is the dataset's, and how that is said.</summary>
public static class MetricNeedsOfDatasets
{
    private static readonly (MetricNeeds Need, Func<IDataset, bool> Has, string Words)[] Known =
    [
        (MetricNeeds.Density, d => d.Density is not null, "known density"),
        (MetricNeeds.Modes, d => d.Modes is not null, "known modes"),
        (MetricNeeds.OneDimension, d => d.Dimensions == 1, "one dimension"),
    ];

    /// <summary>What of these needs a dataset doesn't meet; <see cref="MetricNeeds.Nothing"/> when it meets all that are a dataset's to meet.</summary>
    public static MetricNeeds Lacking(this MetricNeeds needs, IDataset dataset)
    {
        MetricNeeds lacking = MetricNeeds.Nothing;
        foreach ((MetricNeeds need, Func<IDataset, bool> has, _) in Known)
        {
            if (needs.HasFlag(need) && !has(dataset))
                lacking |= need;
        }

        return lacking;
    }

    /// <summary>The first of these needs as in "a dataset with known density"; null where none is the dataset's.</summary>
    public static string? Words(this MetricNeeds needs) => Known.FirstOrDefault(k => needs.HasFlag(k.Need)).Words;
}
