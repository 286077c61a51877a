using System.Security.Cryptography;
using System.Text;
using Sweep.Diffusion.Text;
using Xunit;

namespace Sweep.Tests.Diffusion.Text;

public sealed class NfcTests
{
    [Theory]
    [InlineData("gro\u0308\u00dfe", "gr\u00f6\u00dfe")]
    [InlineData("e\u0323\u0302", "\u1ec7")]
    [InlineData("e\u0302\u0323", "\u1ec7")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("\ud834\udd5e", "\ud834\udd57\ud834\udd65")]
    [InlineData("plain", "plain")]
    [InlineData("a\ud800b\u0301", "a\ud800b\u0301")]
    public void Normalize_OfNames_ComposesThem(string text, string expected) => Assert.Equal(expected, Nfc.Normalize(text));

    /// <summary>
    /// Every code point between a letter and marks out of order. The hash is that of Python's unicodedata, as diffusion/Text/nfc.py prints it.
    /// </summary>
    [Fact]
    public void Normalize_OfEveryCodePoint_IsAsPythonHasIt()
    {
        var text = new StringBuilder();
        for (int code = 0; code <= 0x10FFFF; code++)
        {
            if (code is < 0xD800 or > 0xDFFF)
                text.Append(Nfc.Normalize("e\u0301" + char.ConvertFromUtf32(code) + "\u0323\u0301"));
        }

        Assert.Equal("30088e396215798aee41ed75601580c31b0f2f566ad5387a5052d5d1e7f64b83",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    [Fact]
    public void Same_WhenOneNameIsComposedTwoWays_IsTrue()
    {
        Assert.True(Nfc.Same("gro\u0308\u00dfe", "gr\u00f6\u00dfe"));
        Assert.False(Nfc.Same("gr\u00f6\u00dfe", "gro\u00dfe"));
    }

    /// <summary>Why there are tables of our own: the day this fails, they can go.</summary>
    [Fact]
    public void Normalize_OfTheRuntime_LeavesTextAsItIsUnderInvariantGlobalization() =>
#pragma warning disable RS0030 // Banned for the reason that is shown here.
        Assert.NotEqual("\u00f6", "o\u0308".Normalize(NormalizationForm.FormC));
#pragma warning restore RS0030
}
