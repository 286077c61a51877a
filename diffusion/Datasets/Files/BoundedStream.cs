using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads what another stream unpacks, forward, up to a number of bytes: what comes to more is refused. Owns the other stream.
/// </summary>
/// <param name="path">For the errors.</param>
/// <param name="inner">The other stream.</param>
/// <param name="maxBytes">How many bytes it may give.</param>
/// <param name="length">How many it must have given at its end, modulo 2^32: GZipStream takes a file that is cut short for a shorter one. Null where that is
/// known otherwise.</param>
/// <param name="checksum">What their CRC-32 must be at the end, where the other stream doesn't check it.</param>
internal sealed class BoundedStream(string path, Stream inner, long maxBytes, uint? length = null, uint? checksum = null) : Stream
{
    private readonly Crc32? _checksum = checksum is null ? null : new Crc32();
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _read += count;
        _checksum?.Add(buffer[..count]);
        if (count == 0 && buffer.Length > 0 && length is { } whole && (uint)_read != whole)
            throw new KindException($"{path}: gzip that is cut short or in several parts; allowed: one whole .gz");
        if (count == 0 && buffer.Length > 0 && _checksum is not null && _checksum.Value != checksum)
            throw new KindException($"{path}: damaged: its checksum is not the archive's; allowed: an array as it was saved");
        return _read <= maxBytes ? count : throw new KindException($"{path}: more than {maxBytes} bytes once unpacked; allowed: at most {maxBytes}");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
