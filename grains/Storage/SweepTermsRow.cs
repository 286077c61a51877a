using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Storage;

/// <summary>A sweep's <see cref="SweepTerms"/> as its row has them.</summary>
internal class SweepTermsRow
{
    /// <summary>Of <c>sweeps s</c>.</summary>
    public const string Columns = "s.paused AS Paused, s.slots AS Slots, s.priority AS Priority, s.most_failed AS MostFailed, s.look AS Look";

    public bool Paused { get; set; }

    public int? Slots { get; set; }

    public double Priority { get; set; }

    public int? MostFailed { get; set; }

    public int Look { get; set; }

    public SweepTerms ToTerms() => new(Paused, Slots, Priority, MostFailed, Look);
}
