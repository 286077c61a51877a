using System.Text;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Decodes UTF-8 (or what a byte order mark announces) without ever making text of bytes that are none: such bytes become <see cref="Mark"/>, which no text
/// holds, so that a column that isn't used may hold them and one that is used can be refused. One per reading.
/// </summary>
internal sealed class TextDecoding : DecoderFallback
{
    /// <summary>A code point that Unicode never assigns to a character.</summary>
    internal const char Mark = '\uFFFF';

    private byte? _first;

    public override int MaxCharCount => 1;

    /// <summary>What is wrong with text that holds <see cref="Mark"/>, and what helps.</summary>
    internal string Problem => _first is { } value
        ? $"not UTF-8 (byte 0x{value:x2}), as it would be in {(value is >= 0x80 and < 0xa0 ? "Windows-1252" : "Latin-1 (ISO 8859-1)")}; allowed: UTF-8 text, "
            + $"such as iconv makes of it"
        : "the character U+FFFF; allowed: UTF-8 text";

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(this);

    /// <summary>A reader that owns the stream.</summary>
    internal StreamReader Open(Stream stream)
    {
        // With a preamble of its own the reader skips UTF-8's mark and keeps this encoding; without, it would go over to one that makes U+FFFD of such bytes.
        var utf8 = (Encoding)new UTF8Encoding(encoderShouldEmitUTF8Identifier: true).Clone();
        utf8.DecoderFallback = this;
        return new StreamReader(stream, utf8, detectEncodingFromByteOrderMarks: true);
    }

    private sealed class Buffer(TextDecoding owner) : DecoderFallbackBuffer
    {
        private bool _pending;

        public override int Remaining => _pending ? 1 : 0;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            owner._first ??= bytesUnknown.FirstOrDefault();
            _pending = true;
            return true;
        }

        public override char GetNextChar()
        {
            if (!_pending)
                return '\0';
            _pending = false;
            return Mark;
        }

        public override bool MovePrevious() => false;

        public override void Reset() => _pending = false;
    }
}
