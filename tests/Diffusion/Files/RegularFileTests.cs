using System.Diagnostics;
using Sweep.Diffusion.Files;
using Xunit;

namespace Sweep.Tests.Diffusion.Files;

public sealed class RegularFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-regular-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_OfAPipe_RefusesItAtOnce()
    {
        string pipe = Pipe(_folder);

        var error = Assert.Throws<NotRegularFileException>(() => RegularFile.Open(pipe));

        Assert.Equal((FileKind.Pipe, $"{pipe} is a pipe; allowed: a regular file"), (error.Kind, error.Message));
    }

    [Fact]
    public void Open_OfALinkToAPipe_RefusesIt()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), Pipe(_folder));

        Assert.Equal(FileKind.Pipe, Assert.Throws<NotRegularFileException>(() => RegularFile.Open(Path.Combine(_folder, "link"))).Kind);
    }

    [Theory]
    [InlineData("/dev/zero", FileKind.Device)]
    [InlineData("/dev/null", FileKind.Device)]
    [InlineData("/", FileKind.Folder)]
    public void Open_OfADeviceOrFolder_RefusesIt(string path, FileKind kind) =>
        Assert.Equal(kind, Assert.Throws<NotRegularFileException>(() => RegularFile.Open(path)).Kind);

    [Fact]
    public void Open_OfNothing_SaysThatThereIsNone() => Assert.Throws<FileNotFoundException>(() => RegularFile.Open(Path.Combine(_folder, "none")));

    [Fact]
    public void ReadAllBytes_OfALargerFile_RefusesItBeforeItIsRead()
    {
        string path = Path.Combine(_folder, "sparse");
        using (FileStream file = File.Create(path))
            file.SetLength(1L << 40);

        Assert.Equal($"{path}: 1099511627776 bytes; allowed: at most 1048576",
            Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(path, 1 << 20)).Message);
    }

    [Fact]
    public void ReadAllBytes_OfAFile_ReadsIt()
    {
        File.WriteAllBytes(Path.Combine(_folder, "file"), [1, 2, 3]);

        Assert.Equal([1, 2, 3], RegularFile.ReadAllBytes(Path.Combine(_folder, "file"), 3));
    }

    /// <summary>A named pipe that nobody writes to.</summary>
    internal static string Pipe(string folder)
    {
        string path = Path.Combine(folder, "pipe");
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }
}
