using System.Diagnostics;
using Microsoft.Playwright;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>A sweep of 100,000 trials in a browser.</summary>
public sealed class LargeSweepPageTests(Chromium chromium, ITestOutputHelper output)
{
    private const int RowHeight = 36;

    [Fact]
    public async Task Trials_WhenThereAreAHundredThousand_OpenAndScrollWithAScreenfulOfRows()
    {
        await using PageHost host = await PageHost.StartAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        SweepSpec spec = LargeSweep.Spec();
        await host.Coordinator.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, 1)), CancellationToken.None);
        await visit.OpenAsync("/");

        long began = Stopwatch.GetTimestamp();
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");
        ILocator rows = visit.Page.Locator(".vt-body .vt-row:not(.pending)");
        await Expect(rows.First).ToBeVisibleAsync();
        output.WriteLine($"opened in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
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
}
