using System.Text.Json.Nodes;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>One increasing map per coordinate. A coordinate's table holds data as a function of latent (see <see cref="KdeGaussianization"/>).</summary>
internal sealed class MarginalLayer(RationalQuadraticSpline[] tables) : IFittedLayer
{
    public static FittedLayerKind Kind { get; } = new("marginal", Load);

    public int Dimensions => tables.Length;

    /// <inheritdoc/>
    public double[]? AffineMatrix => null;

    /// <summary>Data as a function of latent, per coordinate.</summary>
    public IReadOnlyList<RationalQuadraticSpline> Tables => tables;

    private static MarginalLayer Load(JsonObject saved)
    {
        var saves = saved.Objects("components");
        var loaded = new RationalQuadraticSpline[saves.Count];
        for (int j = 0; j < loaded.Length; j++)
        {
            int knots = saves[j].Count("knots");
            try
            {
                loaded[j] = new RationalQuadraticSpline(saves[j].Table("z", knots), saves[j].Table("x", knots), saves[j].Table("slope", knots));
            }
            catch (ArgumentException e)
            {
                throw new PreprocessingException($"saved preprocessing, component {j}: {e.Message}", e);
            }
        }

        return new MarginalLayer(loaded);
    }

    public void Forward(Span<double> points)
    {
        for (int j = 0; j < tables.Length; j++)
        {
            var table = tables[j];
            for (int i = j; i < points.Length; i += tables.Length)
                points[i] = table.Solve(points[i]);
        }
    }

    public void Inverse(Span<double> points)
    {
        for (int j = 0; j < tables.Length; j++)
        {
            var table = tables[j];
            for (int i = j; i < points.Length; i += tables.Length)
                points[i] = table.Evaluate(points[i]);
        }
    }

    public void AddLogAbsDeterminant(ReadOnlySpan<double> points, Span<double> nats)
    {
        for (int j = 0; j < tables.Length; j++)
        {
            for (int i = 0; i < nats.Length; i++)
                nats[i] -= tables[j].LogSlopeAt(points[(i * tables.Length) + j]);
        }
    }

    /// <inheritdoc/>
    public bool TryWriteInverse(ILayerWriter writer)
    {
        writer.Splines(tables);
        return true;
    }

    public JsonObject Save() => new()
    {
        ["type"] = Kind.Type,
        ["components"] = new JsonArray([.. tables.Select(t => new JsonObject
        {
            ["knots"] = t.U.Length,
            ["z"] = Preprocessing.Tables.Write(t.U),
            ["x"] = Preprocessing.Tables.Write(t.Y),
            ["slope"] = Preprocessing.Tables.Write(t.Slope),
        })]),
    };
}
