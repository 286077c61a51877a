using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Grains.Storage;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>A sweep of 100,000 trials in a browser.</summary>
public sealed class LargeSweepPageTests(Chromium chromium, PostgresServer server, ITestOutputHelper output)
{
    private const int RowHeight = 36;

    /// <summary>For what takes less than one on a machine of its own; tests share theirs.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trials_WhenThereAreAHundredThousand_OpenAndScrollWithAScreenfulOfRows(bool postgres)
    {
        if (postgres && PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        await using PageHost host = postgres ? await PageHost.StartAsync(PostgresUrl.Parse(server.Url("large_page"))) : await PageHost.StartAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        SweepSpec spec = LargeSweep.Spec();
        await host.Operations.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, 1)), CancellationToken.None);
        await visit.OpenAsync("/");

        long began = Stopwatch.GetTimestamp();
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");
        ILocator rows = visit.Page.Locator(".vt-body .vt-row:not(.pending)");
        await Expect(rows.First).ToBeVisibleAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"opened in {took.TotalMilliseconds:0} ms");
        Assert.True(took < Bound, $"opened in {took}");
        await Expect(visit.Page.Locator(".trials-panel .status")).ToHaveTextAsync("100\u202f000 trials");

        // To the middle and to the end: the rows are those of the place, and no more elements than a screen holds.
        TrialSpec[] trials = [.. TrialExpansion.Expand(spec)];
        foreach (int row in new[] { 50_000, trials.Length - 1 })
        {
            await visit.Page.EvaluateAsync($"() => document.querySelector('.vt-scroll').scrollTop = {row * RowHeight}");
            await Expect(visit.Page.Locator($".vt-body .vt-row[aria-rowindex='{row + 2}']")).ToContainTextAsync(trials[row].Id[..12]);
            Assert.InRange(await visit.Page.Locator(".vt-body .vt-row").CountAsync(), 10, 120);
        }

        // The server filters, and the address keeps the place.
        await visit.Page.Locator(".trials-panel label[title=width] select").SelectOptionAsync("128");
        await Expect(visit.Page.Locator(".trials-panel .status")).ToHaveTextAsync("20\u202f000 of 100\u202f000 trials");
        await visit.Link("Overview").ClickAsync();
        await Expect(visit.Page.Locator(".heat-table td").First).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Report_WhenItIsTooLargeForAPage_ComesInPartsAsTheyAreLookedAt()
    {
        await using PageHost host = await PageHost.StartAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        SweepSpec spec = await ManyGroups.RunAsync(host.Coordinator);
        ConcurrentQueue<string> asked = [];
        visit.Page.Request += (_, request) => asked.Enqueue(request.Url);
        ILocator rows = visit.Page.Locator("table.comparisons tbody tr"), status = visit.Page.Locator(".report-part p.status");

        await visit.OpenAsync($"/sweeps/{spec.Id}");
        await Expect(visit.Glance("what-wins")).ToContainTextAsync("gaussianize reaches a better final log-likelihood than standardize");
        await Expect(visit.Page.Locator(".report-part .chart canvas")).ToHaveCountAsync(1);

        // The paired comparisons: filtered and sorted by the server.
        await visit.Link("Comparisons").First.ClickAsync();
        await Expect(rows).Not.ToHaveCountAsync(0);
        await visit.Page.GetByLabel("difference of").SelectOptionAsync("gaussianize \u2212 standardize");
        await Expect(status).ToContainTextAsync("73 of ");
        await visit.Button("difference [95% CI]").ClickAsync();
        await Expect(visit.Page.Locator("table.comparisons th[aria-sort=ascending]")).ToHaveTextAsync("difference [95% CI]");
        await Expect(rows.First).ToContainTextAsync("gaussianize");

        // The curves of the groups shown, and of others once they are chosen.
        await visit.Link("Curves").First.ClickAsync();
        await Expect(visit.Page.Locator(".report-part .chart canvas").First).ToBeVisibleAsync();
        Assert.Contains(asked, url => url.Contains("/groups?", StringComparison.Ordinal));
        Assert.Contains(asked, url => url.Contains("/comparisons?", StringComparison.Ordinal) && url.Contains("arm=gaussianize", StringComparison.Ordinal));
        Assert.All(asked.Where(url => url.Contains("/report", StringComparison.Ordinal)),
            url => Assert.EndsWith("/report?form=brief", url, StringComparison.Ordinal));
        visit.AssertClean();
    }
}
