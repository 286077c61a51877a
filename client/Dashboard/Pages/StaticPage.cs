using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Pages;

/// <summary>Serves the page built by <c>client/web</c>, embedded as resources <c>dashboard/…</c>; a placeholder if it wasn't built.</summary>
internal sealed class StaticPage
{
    private const string Prefix = "dashboard/", Index = "index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".json"] = "application/json; charset=utf-8",
        [".webmanifest"] = "application/manifest+json",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenDictionary<string, (Answer Answer, string Type)> _files;

    /// <param name="assembly">Holds the page.</param>
    /// <param name="prefix">What every address begins with: <c>/</c>, or what a proxy has before it, <c>/sweep/</c>.</param>
    public StaticPage(Assembly assembly, string prefix = "/")
    {
        Dictionary<string, (Answer, string)> files = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            using MemoryStream content = new();
            stream.CopyTo(content);
            string name = resource[Prefix.Length..].Replace('\\', '/');
            byte[] bytes = string.Equals(name, Index, StringComparison.Ordinal) ? Placed(content.ToArray(), prefix) : content.ToArray();
            files[name] = (AnswerCache.Pack(bytes), Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"));
        }

        if (!files.ContainsKey(Index))
            files[Index] = (AnswerCache.Pack(Placeholder.ToArray()), Types[".html"]);
        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The page itself is served at every depth, so its own addresses must be whole; its script reads the prefix.</summary>
    private static byte[] Placed(byte[] page, string prefix) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page)
        .Replace("\"./assets/", $"\"{prefix}assets/", StringComparison.Ordinal)
        .Replace("content=\"sweep-base:/\"", $"content=\"sweep-base:{prefix}\"", StringComparison.Ordinal));

    private static ReadOnlySpan<byte> Placeholder =>
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Sweep</title></head>
        <body><h1>Sweep</h1>
        <p>This sweep was built without the dashboard's page (client/web/built/dashboard). What it would show is at
        <a href="/api/sweeps">/api/sweeps</a>; docs/dashboard-api.md says what else there is.</p></body></html>
        """u8;

    /// <summary>Serves a file of the page; for any other path the page itself, which does its own routing.</summary>
    public async Task GetAsync(HttpContext context)
    {
        string path = context.Request.Path.Value?.TrimStart('/') ?? "";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            throw new ApiException(StatusCodes.Status404NotFound, "nothing here; allowed: what docs/dashboard-api.md lists");
        bool found = _files.TryGetValue(path, out (Answer Answer, string Type) file);

        // A missing script must not be answered with HTML.
        if (!found && path.StartsWith("assets/", StringComparison.Ordinal))
            throw new ApiException(StatusCodes.Status404NotFound, "no such file; allowed: files of the current page (reload it)");
        if (!found)
            file = _files[Index];

        await file.Answer.WriteAsync(context, file.Type, immutable: found && path.StartsWith("assets/", StringComparison.Ordinal));
    }
}
