using System.Numerics.Tensors;
using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// latent = A (x - shift), data = B latent + shift, B the inverse of A. Both matrices are kept, so that a saved layer gives bit-equal results.
/// </summary>
internal sealed class AffineLayer : IFittedLayer
{
    private readonly double[] _shift;
    private readonly double[] _forward;
    private readonly double[] _inverse;
    private readonly double _logAbsDeterminant;

    /// <param name="shift">(d)</param>
    /// <param name="forward">A, row-major (d, d).</param>
    /// <param name="inverse">B, row-major (d, d).</param>
    /// <param name="logAbsDeterminant">log|det A|, nats.</param>
    public AffineLayer(double[] shift, double[] forward, double[] inverse, double logAbsDeterminant)
    {
        _shift = shift;
        _forward = forward;
        _inverse = inverse;
        _logAbsDeterminant = logAbsDeterminant;
    }

    public static FittedLayerKind Kind { get; } = new("affine", Load);

    public int Dimensions => _shift.Length;

    /// <inheritdoc/>
    public double[] AffineMatrix => _forward;

    /// <summary>A, row-major (d, d).</summary>
    public ReadOnlySpan<double> Matrix => _forward;

    private static AffineLayer Load(JsonObject saved)
    {
        int d = saved.Count("dimensions");
        return new AffineLayer(saved.Table("shift", d), saved.Table("forward", d * d), saved.Table("inverse", d * d), saved.Number("log_abs_determinant"));
    }

    public void Forward(Span<double> points)
    {
        int d = Dimensions;
        Span<double> row = d <= 128 ? stackalloc double[d] : new double[d];
        for (int i = 0; i < points.Length; i += d)
        {
            var point = points.Slice(i, d);
            for (int j = 0; j < d; j++)
                row[j] = point[j] - _shift[j];
            Multiply(_forward, row, point);
        }
    }

    public void Inverse(Span<double> points)
    {
        int d = Dimensions;
        Span<double> row = d <= 128 ? stackalloc double[d] : new double[d];
        for (int i = 0; i < points.Length; i += d)
        {
            var point = points.Slice(i, d);
            point.CopyTo(row);
            Multiply(_inverse, row, point);
            for (int j = 0; j < d; j++)
                point[j] += _shift[j];
        }
    }

    public void AddLogAbsDeterminant(ReadOnlySpan<double> points, Span<double> nats)
    {
        foreach (ref double v in nats)
            v += _logAbsDeterminant;
    }

    /// <inheritdoc/>
    public bool TryWriteInverse(ILayerWriter writer)
    {
        writer.Affine(_shift, _inverse);
        return true;
    }

    public JsonObject Save() => new()
    {
        ["type"] = Kind.Type,
        ["dimensions"] = Dimensions,
        ["shift"] = Tables.Write(_shift),
        ["forward"] = Tables.Write(_forward),
        ["inverse"] = Tables.Write(_inverse),
        ["log_abs_determinant"] = _logAbsDeterminant,
    };

    private static void Multiply(double[] matrix, ReadOnlySpan<double> row, Span<double> result)
    {
        int d = row.Length;
        if (d >= 16)
        {
            for (int j = 0; j < result.Length; j++)
                result[j] = TensorPrimitives.Dot(matrix.AsSpan(j * d, d), row);
            return;
        }

        int at = 0;
        for (int j = 0; j < result.Length; j++)
        {
            double sum = 0;
            for (int k = 0; k < row.Length; k++)
                sum += matrix[at++] * row[k];
            result[j] = sum;
        }
    }
}
