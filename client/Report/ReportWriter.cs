using System.Text;
using Sweep.Diffusion.Files;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Report;

/// <summary>Writes a report's files, each there whole or not at all.</summary>
public static class ReportWriter
{
    /// <summary>
    /// Writes <c>report.json</c>, <c>report.md</c>, <c>trials.csv</c>, <c>curves.csv</c>, <c>comparisons.csv</c> and <c>expectations.csv</c> (where there are
    /// some) and last <c>index.html</c>.
    /// </summary>
    /// <param name="document">Made from <paramref name="input"/>.</param>
    /// <param name="input">The trials behind it: the CSV files have every seed, the document only what it sums up.</param>
    /// <param name="directory">Made when missing; files of these names are replaced.</param>
    /// <returns>The paths.</returns>
    /// <exception cref="IOException">The directory can't be written to.</exception>
    public static IReadOnlyList<string> Write(ReportDocument document, ReportInput input, string directory)
    {
        List<string> paths = [.. WriteData(document, input, directory)];
        paths.Add(Put(directory, "report.md", ReportMarkdown.Of(document)));
        paths.Add(Put(directory, "index.html", ReportPage.Html(document, ReportPage.Resource("report.js"), ReportPage.Resource("report.css"))));
        return paths;
    }

    /// <summary>
    /// Only what other programs read: <c>report.json</c>, <c>trials.csv</c>, <c>curves.csv</c>, <c>comparisons.csv</c>, <c>expectations.csv</c>.
    /// </summary>
    public static IReadOnlyList<string> WriteData(ReportDocument document, ReportInput input, string directory)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(input);
        Directory.CreateDirectory(directory);
        foreach (string old in (string[])[.. document.Expectations.Count == 0 ? ["expectations.csv"] : Array.Empty<string>(),
            .. document.Comparisons.Count == 0 ? ["comparisons.csv"] : Array.Empty<string>()])
            File.Delete(Path.Combine(directory, old));
        CompletedTrial[] trials = [.. ReportBuilder.InSpecOrder(input)];
        return
        [
            Put(directory, "report.json", stream => stream.Write(ReportJson.Serialize(document))),
            Put(directory, "trials.csv", stream => TrialsCsv.Write(stream, document, trials)),
            Put(directory, "curves.csv", stream => CurvesCsv.Write(stream, document, trials)),
            .. document.Comparisons.Count > 0 ? new[] { Put(directory, "comparisons.csv", stream => ComparisonsCsv.Write(stream, document)) } : [],
            .. document.Expectations.Count > 0 ? new[] { Put(directory, "expectations.csv", stream => ExpectationsCsv.Write(stream, document)) } : [],
        ];
    }

    private static string Put(string directory, string name, string text) => Put(directory, name, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static string Put(string directory, string name, Action<Stream> content)
    {
        string path = Path.Combine(directory, name);
        AtomicFile.Write(path, content);
        return path;
    }
}
