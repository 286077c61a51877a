using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Sweep.Client.Dashboard.Api;

/// <summary>An answer that is kept.</summary>
/// <param name="Gzip">Compressed JSON.</param>
/// <param name="Tag">Of the content: another content has another.</param>
internal sealed record Answer(byte[] Gzip, string Tag)
{
    /// <summary>Sends it, or says that the client has it already.</summary>
    /// <param name="type">The content's.</param>
    /// <param name="immutable">Its name has a hash of it: nobody need ever ask again.</param>
    public async Task WriteAsync(HttpContext context, string type = DashboardJson.Type, bool immutable = false)
    {
        HttpResponse response = context.Response;
        response.Headers.ETag = Tag;

        // To be asked for each time, and kept by nobody but the browser.
        response.Headers.CacheControl = immutable ? "public, max-age=31536000, immutable" : "private, no-cache";
        response.Headers.Vary = "Accept-Encoding, Cookie, Authorization";
        if (context.Request.Headers.IfNoneMatch.Any(tags => tags is not null && tags.Split(',').Any(t => t.Trim() is var one && (one == Tag || one == $"W/{Tag}"))))
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
