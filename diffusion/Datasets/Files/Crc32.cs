namespace Sweep.Diffusion.Datasets.Files;

/// <summary>The checksum of zip archives (ISO 3309, the polynomial 0xEDB88320 reflected), which .NET's reader leaves unchecked. Used by one thread.</summary>
internal sealed class Crc32
{
    private static readonly uint[] Table =
        [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) == 0 ? c >> 1 : (c >> 1) ^ 0xEDB88320))];

    private uint _register = uint.MaxValue;

    /// <summary>Of all bytes so far.</summary>
    internal uint Value => ~_register;

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        uint register = _register;
        foreach (byte b in bytes)
            register = Table[(byte)(register ^ b)] ^ (register >> 8);
        _register = register;
    }
}
