using System.IO.Compression;
using System.Text;
using Sweep.Diffusion.Datasets.Files;
using Sweep.Diffusion.Kinds;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets.Files;

/// <summary>A folder of data files that a test writes.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("sweep-data-").FullName;

    public string Folder => _path;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string At(string name) => Path.Combine(_path, name);

    /// <summary>A file that tests/Diffusion/Datasets/Files/Data has.</summary>
    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "Diffusion", "Datasets", "Files", "Data", name);

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    internal NumericTable Read(string name, byte[] bytes, TableOptions? options = null) => TableFile.Read(Write(name, bytes), options ?? TableOptions.Default);

    internal NumericTable Read(string name, string text, TableOptions? options = null) => Read(name, Encoding.UTF8.GetBytes(text), options);

    /// <summary>What is wrong with a file, less the folder.</summary>
    internal string Error(string name, byte[] bytes, TableOptions? options = null) =>
        Assert.Throws<KindException>(() => Read(name, bytes, options)).Message.Replace(_path + "/", string.Empty, StringComparison.Ordinal);

    internal string Error(string name, string text, TableOptions? options = null) => Error(name, Encoding.UTF8.GetBytes(text), options);
}
