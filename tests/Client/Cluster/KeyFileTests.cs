using System.Runtime.Versioning;
using Sweep.Client.Cluster;
using Sweep.Grains.Storage.Postgres;
using Xunit;

namespace Sweep.Tests.Client.Cluster;

[UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ClusterKey _key = ClusterKey.Make();

    private string Path => System.IO.Path.Combine(_scratch.Path, "cluster.key");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Write_WhateverIsThere_IsItsOwnersAloneAndReadsBack()
    {
        _scratch.Write("cluster.key", "something else, for all to read");
        KeyFile written = Of();
        written.Write(Path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        KeyFile read = KeyFile.Read(Path);
        Assert.Equal(("sweep", _key.ClusterId), (read.Store, read.Cluster));
        using var mine = _key.Open();
        Assert.True(read.Open().Accepts(mine));
        Assert.Equal([Path], Directory.GetFiles(_scratch.Path));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void Read_WhenOthersMay_IsRefused(UnixFileMode more)
    {
        Of().Write(Path);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        Assert.Contains("others may read or write it; allowed: its owner alone (chmod 600)", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("""{"store": "sweep", "cluster": "x", "keys": []}""")]
    [InlineData("""{"store": "sweep", "cluster": "x", "keys": ["AAAA"]}""")]
    [InlineData("""{"store": "sweep", "cluster": "x", "keys": ["no base64"]}""")]
    public void Read_WhenItHoldsNoKey_IsRefused(string content)
    {
        File.WriteAllText(Path, content);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("holds no key; allowed: a file that sweep setup --export-key has written", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenItIsNotThere_IsRefused() => Assert.Contains("can't be read", Refused(), StringComparison.Ordinal);

    private KeyFile Of() => new("sweep", _key.ClusterId, [_key.Pkcs12]);

    private string Refused() => Assert.Throws<FormatException>(() => KeyFile.Read(Path)).Message;
}
