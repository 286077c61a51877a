using System.Net;
using System.Reflection;
using System.Text;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Report;

/// <summary>
/// <c>index.html</c>: one file that needs no network. The report's JSON sits in a data block, script and style sheet are inlined from the
/// resources <c>report.js</c> and <c>report.css</c>, which <c>client/web</c> builds. Where scripts don't run the answer is still there to read.
/// </summary>
internal static class ReportPage
{
    private const string MissingBundle =
        "This sweep was built without the report page's script (client/web/built/report.js), so there are no charts here. "
        + "The same report in words and tables is in report.md.";

    public static string Html(ReportDocument document, string? script, string? style)
    {
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; ")
            .Append("script-src 'unsafe-inline'; img-src data: blob:\">\n")
            .Append("<title>").Append(WebUtility.HtmlEncode(document.Sweep.Name)).Append(" – Sweep report</title>\n");
        if (style is not null)
            page.Append("<style>").Append(Inlineable(style, "</style")).Append("</style>\n");
        page.Append("</head>\n<body>\n<main id=\"page\">\n<h1>").Append(WebUtility.HtmlEncode(document.Sweep.Name)).Append("</h1>\n")
            .Append("<p><strong>").Append(WebUtility.HtmlEncode(document.Answer.Headline)).Append("</strong></p>\n<ul>\n");
        foreach (string finding in document.Answer.KeyFindings)
            page.Append("<li>").Append(WebUtility.HtmlEncode(finding)).Append("</li>\n");
        page.Append("</ul>\n");
        if (script is null)
            page.Append("<p role=\"alert\">").Append(WebUtility.HtmlEncode(MissingBundle)).Append("</p>\n");
        page.Append("<noscript><p>The charts need JavaScript. The same report in words and tables is in report.md.</p></noscript>\n</main>\n")
            .Append(PageData.Element(document)).Append('\n');
        if (script is not null)
            page.Append("<script>").Append(Inlineable(script, "</script")).Append("</script>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>The bundle that this build carries; null when client/web was not built.</summary>
    public static string? Resource(string name)
    {
        using Stream? stream = typeof(ReportPage).GetTypeInfo().Assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Inlineable(string text, string end) =>
        text.Contains(end, StringComparison.OrdinalIgnoreCase) || text.Contains("<!--", StringComparison.Ordinal)
            ? throw new InvalidDataException($"the page's bundle can't be inlined: it holds {end} or <!--; allowed: neither")
            : text;
}
