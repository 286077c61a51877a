using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A cacheable response.</summary>
/// <param name="Gzip">Compressed JSON.</param>
/// <param name="Tag">Entity tag: a hash of the content.</param>
internal sealed record Answer(byte[] Gzip, string Tag)
{
    /// <summary>Sends it, or 304 if the client has it already.</summary>
    /// <param name="type">The content type.</param>
    /// <param name="immutable">The name contains a hash of the content: it never needs revalidation.</param>
    public async Task WriteAsync(HttpContext context, string type = DashboardJson.Type, bool immutable = false)
    {
        HttpResponse response = context.Response;
        response.Headers.ETag = Tag;

        // Revalidate each time; no shared caches.
        response.Headers.CacheControl = immutable ? "public, max-age=31536000, immutable" : "private, no-cache";
        response.Headers.Vary = "Accept-Encoding, Cookie, Authorization";
        IEnumerable<string> known = context.Request.Headers.IfNoneMatch.SelectMany(tags => (tags ?? "").Split(',', StringSplitOptions.TrimEntries));
        if (known.Any(tag => tag == Tag || tag == $"W/{Tag}"))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = type;
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.ContentEncoding = "gzip";
            response.ContentLength = Gzip.Length;
            await response.Body.WriteAsync(Gzip, context.RequestAborted);
            return;
        }

        await using GZipStream plain = new(new MemoryStream(Gzip), CompressionMode.Decompress);
        await plain.CopyToAsync(response.Body, context.RequestAborted);
    }
}
