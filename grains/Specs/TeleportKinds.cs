using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;

namespace Sweep.Grains.Specs;

/// <summary>What <c>sampling.teleport</c> may be: <c>none</c>, <c>{sigma: 2}</c> or <c>{skip: 0.28}</c>, and whether the rest is <c>regrid</c>ded.</summary>
public static class TeleportKinds
{
    private static readonly Parameter Sigma = Parameter.Real("sigma", null, "sigma to arrive at", 0, minimumExclusive: true);

    private static readonly Parameter Skip = Parameter.Real("skip", null, "share of the grid's steps to skip, rounded to whole steps", 0, 1);

    /// <summary>Left out where it is false, as trials without it had been stored.</summary>
    private static readonly Parameter Regrid = Parameter.Flag("regrid", false, "whether the steps that are saved are spent on the rest").OmittedAt(false);

    public static KindCatalogue Catalogue { get; } = new("teleport",
    [
        new("none", "every step is the sampler's", [], _ => new object()),
        new(Sigma.Name, "down to a sigma", [Sigma, Regrid], Create),
        new(Skip.Name, "over a share of the steps", [Skip, Regrid], Create),
    ]);

    /// <summary>Where to; null for nowhere.</summary>
    /// <exception cref="KindException">No validated spec holds this.</exception>
    public static TeleportTarget? Of(KindSpec? kind) =>
        kind is null or { Kind: "none" } ? null : TeleportTarget.Parse(kind.Parameters);

    private static TeleportTarget Create(ParameterValues values) =>
        (values.Has(Sigma.Name) ? TeleportTarget.ToSigma(values.Real(Sigma.Name)) : TeleportTarget.OverShare(values.Real(Skip.Name)))
            with { Regrid = values.Has(Regrid.Name) && values.Flag(Regrid.Name) };
}
