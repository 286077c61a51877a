using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// A trained network as safetensors (the format of Hugging Face's library, which PyTorch, JAX and others read): eight bytes of header length, a JSON header
/// naming each tensor's type, shape and place, then the values, little-endian. Tensors are F32 under the names and shapes of <see cref="NetworkShape.Blocks"/>;
/// the metadata (strings, as the format asks) hold the rest: <c>format</c> = sweep-mlp, sweep-residual or sweep-unet, <c>version</c> = 1, dimensions,
/// time_features, width, hidden_layers, activation, parametrisation, sigma_data.
/// </summary>
public static class NetworkFile
{
    private const string Format = "sweep-";
    private const string Version = "1";
    private const int MaximumHeaderBytes = 1 << 20;

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(TrainedNetwork network)
    {
        var shape = network.Shape;
        var header = new JsonObject
        {
            ["__metadata__"] = new JsonObject
            {
                ["format"] = $"{Format}{shape.Kind}",
                ["version"] = Version,
                ["dimensions"] = Text(shape.Dimensions),
                ["time_features"] = Text(shape.TimeFeatures),
                ["width"] = Text(shape.Width),
                ["hidden_layers"] = Text(shape.HiddenLayers),
                ["activation"] = Name(shape.Activation),
                ["parametrisation"] = Name(network.Parametrisation),
                ["sigma_data"] = network.SigmaData.ToString("R", CultureInfo.InvariantCulture),
            },
        };
        foreach (var block in shape.Blocks)
        {
            header[block.Name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. block.TensorShape.Select(n => JsonValue.Create(n))]),
                ["data_offsets"] = new JsonArray((long)block.Offset * sizeof(float), ((long)block.Offset + block.Count) * sizeof(float)),
            };
        }

        // Padded with spaces so that the values start at a multiple of 8, as the format recommends.
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int headerBytes = (json.Length + 7) & ~7;
        byte[] file = new byte[8 + headerBytes + (network.Weights.Length * sizeof(float))];
        BinaryPrimitives.WriteInt64LittleEndian(file, headerBytes);
        file.AsSpan(8, headerBytes).Fill((byte)' ');
        json.CopyTo(file, 8);
        MemoryMarshal.AsBytes(network.Weights.AsSpan()).CopyTo(file.AsSpan(8 + headerBytes));
        return file;
    }

    /// <summary>The network, without its loss curve.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a file; the message says what is wrong and what is allowed.</exception>
    public static TrainedNetwork Read(ReadOnlySpan<byte> file)
    {
        long headerBytes = file.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(file) : -1;
        if (headerBytes is < 2 or > MaximumHeaderBytes || headerBytes > file.Length - 8)
            throw new InvalidDataException($"weights file: header of {headerBytes} bytes in {file.Length}; allowed: a safetensors file");
        var header = ParseHeader(file.Slice(8, (int)headerBytes));
        var metadata = header["__metadata__"] as JsonObject ?? throw new InvalidDataException("weights file: no metadata; allowed: a network that Sweep wrote");
        string? kind = NetworkKinds.Names.FirstOrDefault(k => Get(metadata, "format") == $"{Format}{k}");
        if (kind is null || Get(metadata, "version") != Version)
            throw new InvalidDataException(
                $"weights file: format {Get(metadata, "format")} version {Get(metadata, "version")}; allowed: "
                + $"{string.Join(", ", NetworkKinds.Names.Select(k => Format + k))} version {Version}");

        NetworkShape shape;
        try
        {
            shape = NetworkKinds.Create(
                kind, Integer(metadata, "dimensions"), Integer(metadata, "time_features"), Integer(metadata, "width"), Integer(metadata, "hidden_layers"),
                    Named<Activation>(metadata, "activation"));
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException($"weights file: {e.Message}", e);
        }

        if (!double.TryParse(Get(metadata, "sigma_data"), NumberStyles.Float, CultureInfo.InvariantCulture, out double sigmaData) || !(sigmaData > 0)
            || !double.IsFinite(sigmaData))
            throw new InvalidDataException($"weights file: sigma_data {Get(metadata, "sigma_data")}; allowed: greater than 0");
        if ((long)shape.ParameterCount * sizeof(float) > file.Length)
            throw new InvalidDataException($"weights file: {file.Length} bytes for {shape.ParameterCount} parameters; allowed: 4 bytes for each");
        float[] weights = new float[shape.ParameterCount];
        foreach (var block in shape.Blocks)
            ReadTensor(header, block, file[(8 + (int)headerBytes)..], weights.AsSpan(block.Offset, block.Count));
        return new TrainedNetwork { Shape = shape, Parametrisation = Named<Parametrisation>(metadata, "parametrisation"), SigmaData = sigmaData,
            Weights = weights };
    }

    private static void ReadTensor(JsonObject header, ParameterBlock block, ReadOnlySpan<byte> values, Span<float> target)
    {
        int[] shape = block.TensorShape;
        try
        {
            var tensor = header[block.Name]!;
            long start = tensor["data_offsets"]![0]!.GetValue<long>(), end = tensor["data_offsets"]![1]!.GetValue<long>();
            if (tensor["dtype"]!.GetValue<string>() == "F32"
                && tensor["shape"]!.AsArray().Select(n => n!.GetValue<int>()).SequenceEqual(shape)
                && start >= 0 && end <= values.Length && end - start == target.Length * sizeof(float))
            {
                values[(int)start..(int)end].CopyTo(MemoryMarshal.AsBytes(target));
                return;
            }
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException(Message(), e);
        }

        throw new InvalidDataException(Message());

        string Message() =>
            $"weights file, tensor {block.Name}: {header[block.Name]?.ToJsonString() ?? "missing"}; allowed: F32 of shape [{string.Join(", ", shape)}] within "
            + $"the file";
    }

    private static JsonObject ParseHeader(ReadOnlySpan<byte> json)
    {
        try
        {
            var header = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new InvalidDataException("weights file: header is not a JSON object; allowed: a safetensors file");
            Decode(header);
            return header;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"weights file: header is not JSON ({e.Message}); allowed: a safetensors file", e);
        }
    }

    /// <summary>Texts are decoded when they are first asked for, and fail then if they are none: better now.</summary>
    private static void Decode(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (JsonNode? value in members.Select(m => m.Value))
                    Decode(value);
                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                    Decode(item);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }

    private static string Get(JsonObject metadata, string name) => metadata[name] is JsonValue v && v.TryGetValue(out string? text) ? text : "missing";

    private static int Integer(JsonObject metadata, string name) =>
        int.TryParse(Get(metadata, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw new InvalidDataException($"weights file: {name} {Get(metadata, name)}; allowed: a whole number");

    private static T Named<T>(JsonObject metadata, string name)
        where T : struct, Enum => Enum.TryParse(Get(metadata, name), ignoreCase: true, out T value) && Name(value) == Get(metadata, name)
            ? value
            : throw new InvalidDataException($"weights file: {name} {Get(metadata, name)}; allowed: {string.Join(", ", Enum.GetValues<T>().Select(Name))}");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
