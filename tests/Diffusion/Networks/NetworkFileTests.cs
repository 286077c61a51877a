using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks;

public class NetworkFileTests
{
    private static readonly string SamplePath = Path.Combine(AppContext.BaseDirectory, "Diffusion", "Networks", "Data", "network-v1.safetensors");

    private static TrainedNetwork Network => new()
    {
        Shape = new MlpShape(2, 4, 5, 2, Activation.Gelu),
        Parametrisation = Parametrisation.V,
        SigmaData = 1.0 / 3,
        Weights = [.. Enumerable.Range(0, new MlpShape(2, 4, 5, 2, Activation.Gelu).ParameterCount).Select(i => (float)(0.5 * Math.Sin(i + 1)))],
    };

    [Fact]
    public void Read_OfWhatWriteWrote_IsTheSameNetwork()
    {
        var network = NetworkFile.Read(NetworkFile.Write(Network));
        Assert.Equal(Network.Shape, network.Shape);
        Assert.Equal(Network.Parametrisation, network.Parametrisation);
        Assert.Equal(Network.SigmaData, network.SigmaData);
        Assert.Equal(Network.Weights, network.Weights);
    }

    /// <summary>A file written by version 1 and checked in: it must be readable for good.</summary>
    [Fact]
    public void Read_OfTheCheckedInSample_StillDenoisesTheSame()
    {
        byte[] sample = File.ReadAllBytes(SamplePath);
        var network = NetworkFile.Read(sample);
        Assert.Equal(Network.Weights, network.Weights);
        Assert.Equal(NetworkFile.Write(Network), sample);
        using var denoiser = network.CreateDenoiser();
        double[] x0 = new double[2];
        denoiser.Denoise([0.25, -0.75], new NoiseLevel(0.8, 0.6), x0);

        // Computed with NumPy 1.24.2 and SciPy 1.10.1 in float64 from the file.
        Assert.Equal(SampleX0Hat[0], x0[0], Tolerances.SinglePrecisionNetwork);
        Assert.Equal(SampleX0Hat[1], x0[1], Tolerances.SinglePrecisionNetwork);
    }

    [Theory]
    [InlineData("metadata", "\"format\":\"sweep-mlp\"", "\"format\":\"other\"")]
    [InlineData("version", "\"version\":\"1\"", "\"version\":\"9\"")]
    [InlineData("width", "\"width\":\"5\"", "\"width\":\"6\"")]
    [InlineData("activation", "\"activation\":\"gelu\"", "\"activation\":\"swoosh\"")]
    [InlineData("sigma", "\"sigma_data\":\"0.", "\"sigma_data\":\"-0.")]
    [InlineData("dtype", "\"dtype\":\"F32\"", "\"dtype\":\"F64\"")]
    [InlineData("json", "{", "[")]
    public void Read_OfAWrongHeader_SaysWhatIsAllowed(string what, string old, string replacement)
    {
        byte[] file = NetworkFile.Write(Network);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        byte[] header = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(file, 8, length).Replace(old, replacement, StringComparison.Ordinal));
        byte[] changed = new byte[8 + header.Length + file.Length - 8 - length];
        BinaryPrimitives.WriteInt64LittleEndian(changed, header.Length);
        header.CopyTo(changed, 8);
        file.AsSpan(8 + length).CopyTo(changed.AsSpan(8 + header.Length));
        var e = Assert.Throws<InvalidDataException>(() => NetworkFile.Read(changed));
        Assert.True(e.Message.Contains("allowed: ", StringComparison.Ordinal), $"{what}: {e.Message}");
    }

    [Fact]
    public void Read_OfATruncatedFile_Throws()
    {
        byte[] file = NetworkFile.Write(Network);
        for (int length = 0; length < file.Length; length += 7)
            Assert.Throws<InvalidDataException>(() => NetworkFile.Read(file.AsSpan(0, length)));
    }

    /// <summary>What other readers of the format rely on.</summary>
    [Fact]
    public void Write_Always_KeepsTheFormatsRules()
    {
        byte[] file = NetworkFile.Write(Network);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        Assert.All(header["__metadata__"]!.AsObject(), m => Assert.Equal(System.Text.Json.JsonValueKind.String, m.Value!.GetValueKind()));
        var places = header.Where(t => t.Key != "__metadata__").Select(t => t.Value!["data_offsets"]!.AsArray()).ToList();
        long end = 0;
        foreach (var place in places)
        {
            Assert.Equal(end, place[0]!.GetValue<long>());
            end = place[1]!.GetValue<long>();
        }

        Assert.Equal(file.Length - 8 - length, end);
    }

    private static readonly double[] SampleX0Hat = [-0.17584123583292044, -0.26404082057425593];
}
